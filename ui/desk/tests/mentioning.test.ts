import { expect, test } from 'vitest';
import { begunAt, mentionsIn, offeredColleagues, withMention } from '../src/views/composer/mentioning.ts';

const people = [
  { id: 'agent_chi', name: 'Chi Park' },
  { id: 'agent_bo', name: 'Bo' },
  { id: 'agent_lind', name: 'Bo Lind' },
  { id: 'agent_jose', name: 'José Vale' },
];
const nobody = new Map<string, string>();

test('an @ at the caret begins a mention, one inside a word does not', () => {
  expect(begunAt('ask @ch now', 7)).toEqual({ at: 4, words: 'ch' });
  expect(begunAt('@', 1)).toEqual({ at: 0, words: '' });
  expect(begunAt('bo@shop', 7)).toBeNull();
  expect(begunAt('@bo\nand', 7)).toBeNull();
});

test('names are found by the beginning of any part, without accents', () => {
  const names = (words: string) => offeredColleagues(people, words).map((one) => one.name);
  expect(names('jos')).toEqual(['José Vale']);
  expect(names('LIND')).toEqual(['Bo Lind']);
  expect(names('bo l')).toEqual(['Bo Lind']);
  expect(names('hi')).toEqual([]);
  // What was put in is done: the list does not stay open behind it.
  expect(names('Chi Park ')).toEqual([]);
});

test('the chosen name takes the place of what was written, and the caret stands behind it', () => {
  expect(withMention('ask @ch', 4, 7, 'Chi Park')).toEqual({ text: 'ask @Chi Park ', caret: 14 });
  expect(withMention('ask @ch now', 4, 7, 'Chi Park')).toEqual({ text: 'ask @Chi Park now', caret: 14 });
});

test('whom a text names, by its longest name, and of two of one name the chosen one', () => {
  expect(mentionsIn('@Bo Lind and @José Vale, bo@Chi Park', people, nobody)).toEqual(['agent_jose', 'agent_lind']);
  expect(mentionsIn('@Bo, @Bo Lind', people, nobody)).toEqual(['agent_lind', 'agent_bo']);
  const twins = [...people, { id: 'agent_twin', name: 'Chi Park' }];
  expect(mentionsIn('@Chi Park', twins, nobody)).toEqual(['agent_chi']);
  expect(mentionsIn('@Chi Park', twins, new Map([['Chi Park', 'agent_twin']]))).toEqual(['agent_twin']);
});
