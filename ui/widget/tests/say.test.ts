import { afterEach, expect, test } from 'vitest';
import { say, sayPlace, sayReturn, speak } from '../src/say.ts';
import { launcherWords, words } from '../src/words/en.ts';

afterEach(() => speak('en', words));

test('places are said as people say them', () => {
  expect([1, 2, 3, 4, 11, 12, 13, 21, 22, 103].map(sayPlace)).toEqual(['1st', '2nd', '3rd', '4th', '11th', '12th', '13th', '21st', '22nd', '103rd']);
});

test('a gap without a value is left empty, never shown as braces', () => {
  expect(say('joined', { name: 'Bo' })).not.toMatch(/[{}]/);
});

test('the return of people is said by time today, by weekday this week, by date beyond', () => {
  const now = new Date('2026-11-20T10:00:00').getTime();
  const at = (iso: string) => sayReturn(new Date(iso).toISOString(), now);
  expect(at('2026-11-20T13:00:00')).toBe('13:00');
  expect(at('2026-11-23T08:00:00')).toMatch(/^Mon.*08:00$/);
  expect(at('2026-12-24T08:00:00')).toMatch(/Dec.*08:00$/);
  expect(sayReturn('nonsense')).toBe('');
});

const others = import.meta.glob<{ words: typeof words; launcherWords?: typeof launcherWords }>('../src/words/??.ts', { eager: true });
test.each(Object.keys(others))('%s has every sentence, with the same gaps', (path) => {
  const gaps = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(([gap]) => gap).sort();
  for (const key of Object.keys(words) as (keyof typeof words)[]) {
    expect(others[path]!.words[key], key).toBeTruthy();
    expect(new Set(gaps(others[path]!.words[key])), key).toEqual(new Set(gaps(words[key])));
  }
});
