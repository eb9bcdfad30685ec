import { expect, test } from 'vitest';
import { wordsOf } from '../src/data/call.ts';
import { urgencyOf, waitedOf } from '../src/data/times.ts';
import { piecesOf, webAddressOf } from '../src/parts/sourced-text.tsx';
import { lookOf, pointsOf } from '../src/parts/sparkline.tsx';
import { flowOf } from '../src/views/conversation/flow.ts';
import { shownSeqs } from '../src/views/conversation/pointing.ts';
import { readingLines } from '../src/views/conversation/reading-lines.ts';
import { entryOf } from './people.ts';

test('a short conversation is shown whole, a long one from its present end', () => {
  const entries = Array.from({ length: 30 }, (_, index) => entryOf(index + 1));
  expect(flowOf(entries.slice(0, 12), false).hidden).toBe(0);
  expect(flowOf(entries, false)).toMatchObject({ hidden: 18 });
  expect(flowOf(entries, true).entries).toHaveLength(30);
});

test('a brief line that rests on a reading leads to the message that was read', () => {
  const reading = { ...entryOf(2), kind: 'reading' as const, ref: { message_seq: 1 } };
  expect(shownSeqs([2, 1, 3, 99], [entryOf(1), reading, entryOf(3)])).toEqual([1, 3]);
});

test('marks become numbers only where a source stands behind them', () => {
  const sources = [{ number: 1, title: 'Care', kind: 'article' as const }];
  expect(piecesOf('Wash at 30 °C. [1] See [7].', sources)).toEqual([{ text: 'Wash at 30 °C.' }, { number: 1 }, { text: ' See [7].' }]);
});

test('a source’s address is a link only when it leads to the web or to this server', () => {
  expect(webAddressOf('https://shop.example/care')).toBe('https://shop.example/care');
  expect(webAddressOf('/help/care#wool')).toBe('/help/care#wool');
  expect(webAddressOf('javascript:alert(1)')).toBeNull();
  expect(webAddressOf('//evil.example')).toBeNull();
});

test('a reading is told in words, with the customer’s own words as proof', () => {
  const about = 'This is bad. I want a person';
  const lines = readingLines(
    {
      language: 'en',
      topics: [{ title: 'Complaint', probability: 0.813 }],
      emotion: { label: 'anger', span: { start: 0, end: 11 } },
      wishes_person: { score: 1, span: { start: 13, end: 28 } },
      risks: [],
    },
    about,
  );
  expect(lines).toEqual([
    ['Read as', 'Complaint 81 %'],
    ['Mood', 'angry (“This is bad”)'],
    ['Wishes a person', 'yes (“I want a person”)'],
    ['Language', 'en'],
  ]);
  expect(readingLines(null, '')).toEqual([]);
});

test('the mood line falls as the mood does', () => {
  expect(lookOf([0.65, 0.2])).toBe('bad');
  expect(lookOf([0.65, 0.35])).toBe('warn');
  expect(lookOf([0.2, 0.65])).toBe('');
  const [first, last] = pointsOf([1, 0], 40, 20).split(' ').map((point) => Number(point.split(',')[1]));
  expect(first).toBeLessThan(last!);
});

test('a wait is told in the unit that fits', () => {
  const now = Date.parse('2026-11-22T12:00:00Z');
  expect(waitedOf('2026-11-22T11:59:18Z', now)).toBe('0:42');
  expect(waitedOf('2026-11-22T08:40:00Z', now)).toBe('3 h 20');
  expect(waitedOf('2026-11-19T12:00:00Z', now)).toBe('3 d');
  expect(urgencyOf('2026-11-22T11:57:00Z', now)).toBe('warn');
  expect(urgencyOf('2026-11-22T11:50:00Z', now)).toBe('bad');
});

test('a refusal says thing, cause and cure', () => {
  const problem = { type: '', title: 'Taken', status: 409, code: 'taken', thing: 'conversation conv_1', cause: 'Bo has it', cure: 'ask Bo' };
  expect(wordsOf(problem)).toBe('Conversation conv_1: Bo has it. Ask Bo.');
  expect(wordsOf({ type: '', title: 'Too much', status: 429, code: 'x' })).toBe('Too much');
});
