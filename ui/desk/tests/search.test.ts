import type { Hit } from '@bothands/protocol';
import { expect, test } from 'vitest';
import { grouped, tagWords } from '../src/views/search/grouped.ts';
import { markedParts } from '../src/views/search/marked-text.tsx';
import { offered } from '../src/views/tags/tag-field.tsx';
import { rowOf } from './people.ts';

const hitOf = (id: string, seq: number): Hit => ({
  row: rowOf(id), what: 'message', seq, author_kind: 'contact', author_name: null, at: null, text: `message ${seq}`, marks: [],
});

test('marks count characters, so that an emoji before them moves nothing', () => {
  const parts = markedParts({ text: '😀😀 a refund', marks: [[5, 11]] });
  expect(parts).toEqual([{ text: '😀😀 a ', isFound: false }, { text: 'refund', isFound: true }]);
});

test('no sign of the text is lost, whatever the marks', () => {
  for (const marks of [[], [[0, 3]], [[2, 5], [4, 6]], [[0, 99]]] as [number, number][][]) {
    expect(markedParts({ text: 'a refund', marks }).map((part) => part.text).join('')).toBe('a refund');
  }
});

test('a conversation stands once, at its newest hit, with the first three places', () => {
  const found = grouped([hitOf('b', 9), hitOf('a', 5), hitOf('b', 8), hitOf('b', 7), hitOf('b', 6)]);
  expect(found.map(({ row, hits, more }) => [row.id, hits.length, more])).toEqual([['b', 3, 1], ['a', 1, 0]]);
});

test('a tag of several words is searched for in quotation marks', () => {
  expect([tagWords('vip'), tagWords('very urgent')]).toEqual(['tag:vip', 'tag:"very urgent"']);
});

test('tags are offered by their beginning, most used first; a new one last, one that is borne never', () => {
  const known = [{ name: 'refund', conversations: 1 }, { name: 'Réclamation', conversations: 9 }, { name: 'vip', conversations: 3 }];
  expect(offered(known, [], 're')).toEqual(['Réclamation', 'refund', 're']);
  expect(offered(known, [{ id: 'tag_1', name: 'refund' }], 'refund')).toEqual([]);
  expect(offered(known, [], 'VIP')).toEqual(['vip']);
});
