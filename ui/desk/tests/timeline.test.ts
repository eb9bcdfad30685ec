import type { Entry } from '@bothands/protocol';
import { expect, test } from 'vitest';
import { mergeEntries, newSince, stillPending, takenOverSeq, type Pending } from '../src/data/timeline.ts';
import { byBo, entryOf } from './people.ts';

const seqs = (entries: Entry[]) => entries.map((entry) => entry.seq);

test('a catch-up in any order and with repeats ends like a fresh fetch', () => {
  const all = [1, 2, 3, 4, 5].map((seq) => entryOf(seq));
  const fresh = mergeEntries({ entries: [], seq: 0 }, all, 5);
  let held = mergeEntries({ entries: [], seq: 0 }, [all[0]!, all[2]!], 3);
  held = mergeEntries(held, [all[4]!, all[1]!, all[2]!], 5);
  held = mergeEntries(held, [all[3]!], 5);
  expect(held).toEqual(fresh);
});

test('nothing new keeps the very same timeline', () => {
  const held = mergeEntries({ entries: [], seq: 0 }, [entryOf(1)], 1);
  expect(mergeEntries(held, [], 1)).toBe(held);
});

test('a text that is stored is no longer pending, so it is never shown twice', () => {
  const pending: Pending[] = [
    { client_id: 'c-1', kind: 'message', text: 'a', at: '', state: 'sending' },
    { client_id: 'c-2', kind: 'message', text: 'b', at: '', state: 'sending' },
  ];
  expect(stillPending(pending, [entryOf(1, { client_id: 'c-1' })]).map((one) => one.client_id)).toEqual(['c-2']);
});

test('new messages are those of others, after what was seen', () => {
  const entries = [entryOf(1), entryOf(2, { author_kind: 'agent', author_id: 'agent_bo' }), entryOf(3), entryOf(4)];
  expect(seqs(entries)).toEqual([1, 2, 3, 4]);
  expect(seqs(newSince(entries, 1, 'agent_bo'))).toEqual([3, 4]);
});

test('whoever takes over has the brief of what was said until then', () => {
  const takeOver = { ...entryOf(2), kind: 'transfer' as const, ref: { from: { kind: 'queue' as const }, to: byBo } } as Entry;
  const entries = [entryOf(1), takeOver, entryOf(3)];
  expect(takenOverSeq(entries, byBo.id)).toBe(2);
  expect(takenOverSeq(entries, 'agent_chi')).toBe(0);
  expect(newSince(entries, takenOverSeq(entries, byBo.id), byBo.id)).toHaveLength(1);
});
