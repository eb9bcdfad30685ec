import type { Assigned, Receiver } from '@bothands/protocol';
import { expect, test } from 'vitest';
import { commandFor } from '../src/commands/keys.ts';
import { newsWords } from '../src/views/composer/send-notice.tsx';
import { wordsOf } from '../src/views/conversation/viewers.tsx';
import { choicesOf, loadOf, warningOf } from '../src/views/dialogs/receivers.ts';
import { groupsOf } from '../src/views/inbox/grouping.ts';
import { bo, entryOf, rowOf, sceneOf } from './people.ts';

const person = (name: string, changes: Partial<Receiver> = {}): Receiver => ({
  kind: 'agent', id: `agent_${name}`, name, is_available: true, is_free: true, held: 0, capacity: 4, expertise: [], members: 0, free: 0, ...changes,
});
const team = person('Returns', { kind: 'team', id: 'team_1', is_free: false, members: 3, free: 1 });
const away = person('Dov Katz', { is_available: false, is_free: false });
const full = person('Eve Ng', { is_free: false, held: 4 });
const free = person('Omar Haddad', { held: 1, expertise: ['refunds'] });

const offer = (changes: Partial<Assigned> = {}): Assigned => ({
  kind: 'agent', id: bo.id, name: bo.name, by_name: 'Chi Park', lapses_at: '2026-11-22T10:02:00Z', is_yours: true, ...changes,
});

test('whoever is free stands first, teams next, and a word finds name or expertise', () => {
  const all = { people: [away, full, free], teams: [team] };
  expect(choicesOf(all, '', null).map((one) => one.name)).toEqual(['Omar Haddad', 'Returns', 'Dov Katz', 'Eve Ng']);
  expect(choicesOf(all, 'REFUND', null)).toEqual([free]);
  expect(choicesOf(all, 'kat do', null)).toEqual([away]);
  expect(choicesOf(all, '', free.id)).not.toContain(free);
});

test('how much somebody has is said, and what to know before choosing them', () => {
  expect([free, full, away, team].map(loadOf)).toEqual(['1 of 4 chats', '4 of 4 chats', 'away', '1 of 3 free']);
  expect(warningOf(free, true)).toBe('');
  expect(warningOf(away, true)).toMatch('Dov Katz is away');
  expect(warningOf(full, false)).toBe('Eve Ng has as many chats as they take.');
  expect(warningOf({ ...team, free: 0 }, true)).toMatch('Nobody of Returns is free');
});

test('one key passes on what I have and what waits, and does nothing to what a colleague has', () => {
  const mine = rowOf('conv_1', { holder: { kind: 'agent', id: bo.id, name: bo.name } });
  const others = rowOf('conv_1', { holder: { kind: 'agent', id: 'agent_chi', name: 'Chi Park' } });
  expect(commandFor('f', '', sceneOf(mine))?.id).toBe('transfer');
  expect(commandFor('f', '', sceneOf(rowOf('conv_1')))?.id).toBe('transfer');
  expect(commandFor('f', '', sceneOf(others))).toBeNull();
});

test('what a colleague offers needs me, before all that waits', () => {
  const chi = { kind: 'agent' as const, id: 'agent_chi', name: 'Chi Park' };
  const rows = [
    rowOf('waits', { waiting_since: '2026-11-22T08:00:00Z' }),
    rowOf('theirs', { waiting_since: '2026-11-22T07:00:00Z', assigned: offer({ lapses_at: null, is_yours: false }) }),
    rowOf('offered', { holder: chi, assigned: offer(), waiting_since: null }),
    rowOf('danger', { reason: { code: 'risk_self_harm', words: '' } }),
  ];
  const [needs] = groupsOf(rows, bo.id);
  expect(needs?.rows.map((row) => row.id)).toEqual(['danger', 'offered', 'waits', 'theirs']);
});

test('a stopped send says what happened', () => {
  expect(newsWords([entryOf(1)])).toBe('New message arrived');
  expect(newsWords([entryOf(1), entryOf(2)])).toBe('2 new messages arrived');
  const note = { ...entryOf(3), kind: 'note' as const, author_name: 'Omar', author_kind: 'agent' as const };
  expect(newsWords([note as ReturnType<typeof entryOf>])).toBe('Omar left a note');
});

test('who else is here is said by name, and writing before looking', () => {
  const omar = { id: 'a', name: 'Omar Haddad', is_writing: false };
  expect(wordsOf([omar])).toBe('Omar is looking');
  expect(wordsOf([omar, { ...omar, id: 'b', name: 'Chi Park', is_writing: true }])).toBe('Chi is writing');
  expect(wordsOf([omar, { ...omar, id: 'b' }])).toBe('2 others are looking');
});
