import { expect, test } from 'vitest';
import { groupsOf, linesOf } from '../src/views/inbox/grouping.ts';
import { heldLines, updatesBetween } from '../src/views/inbox/holding.ts';
import { metaOf } from '../src/views/inbox/row-link.tsx';
import { byBo, byEcho, bo, rowOf } from './people.ts';

const names = (rows: ReturnType<typeof rowOf>[], pinned: string | null = null) =>
  groupsOf(rows, bo.id, pinned).map((group) => [group.name, group.rows.map((row) => row.id)]);

test('who waits stands first, longest wait on top, the assistant’s below', () => {
  const rows = [
    rowOf('ai', { holder: byEcho, waiting_since: null }),
    rowOf('late', { waiting_since: '2026-11-22T10:05:00Z' }),
    rowOf('early', { waiting_since: '2026-11-22T10:01:00Z' }),
    rowOf('done', { holder: byBo, waiting_since: null }),
    rowOf('due', { holder: byBo, waiting_since: '2026-11-22T10:03:00Z' }),
    rowOf('hers', { holder: { kind: 'agent', id: 'agent_chi', name: 'Chi' } }),
  ];
  expect(names(rows)).toEqual([
    ['needs', ['early', 'due', 'late']],
    ['mine', ['done']],
    ['ai', ['ai']],
    ['others', ['hers']],
  ]);
});

test('one’s own chat is pinned whatever happens to it', () => {
  expect(names([rowOf('a'), rowOf('own', { holder: byEcho })], 'own')[0]).toEqual(['pinned', ['own']]);
});

test('updates are counted as rows that came, went or changed places', () => {
  expect(updatesBetween(['a', 'b'], ['a', 'b'])).toBe(0);
  expect(updatesBetween(['a', 'b'], ['c', 'a', 'b'])).toBe(1);
  expect(updatesBetween(['a', 'b'], ['b', 'c', 'd'])).toBe(3);
  expect(updatesBetween(['a', 'b'], ['b', 'a'])).toBe(1);
});

test('while held, rows stay where they are and still say what is new', () => {
  const before = linesOf(groupsOf([rowOf('a'), rowOf('b')], bo.id));
  const after = linesOf(groupsOf([rowOf('c', { waiting_since: '2026-11-22T09:00:00Z' }), rowOf('b', { subject: 'Changed' })], bo.id));
  const held = heldLines(before, after).flatMap((line) => (line.kind === 'row' ? [[line.row.id, line.row.subject]] : []));
  expect(held).toEqual([
    ['a', 'Delivery'],
    ['b', 'Changed'],
  ]);
});

test('a row says in words what the colours say', () => {
  expect(metaOf(rowOf('a', { reason: { code: 'x', words: 'Asked for a person' }, mood: { label: 'anger', trend: [] } }), false)).toBe(
    'Asked for a person · angry',
  );
  expect(metaOf(rowOf('a', { holder: byBo }), true)).toBe('your reply due · calm');
});
