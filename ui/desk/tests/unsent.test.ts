import { beforeEach, expect, test } from 'vitest';
import { keep } from '../src/data/kept.ts';
import { keepHere, later, nameOf, textOf } from '../src/data/unsent.ts';

const name = nameOf('conv_1', 'reply');
const early = '2026-11-22T10:00:00.000Z';
const late = '2026-11-22T10:00:05.000Z';
// As the server writes them.
const theirs = (text: string, written_at: string) => ({ mode: 'reply' as const, text, written_at: written_at.replace('.000', '') });

beforeEach(() => (keep(name, null), keep(`${name}:at`, null)));

test('the later text counts, wherever it was written', () => {
  keepHere(name, 'Dear Ada', early);
  expect(later(name, theirs('Dear Ada, I have news', late))).toBe('there');
  keepHere(name, 'Dear Ada', late);
  expect(later(name, theirs('Dear', early))).toBe('here');
  expect(later(name, theirs('Dear Ada', early))).toBe('same');
});

test('what was sent on another device is gone here too', () => {
  keepHere(name, 'Dear Ada', early);
  expect(later(name, theirs('', late))).toBe('there');
});

test('a text that was cleared here stays cleared', () => {
  keepHere(name, '', late);
  expect(later(name, theirs('Dear Ada', early))).toBe('here');
  expect(textOf(name)).toBe('');
});

test('a text of unknown time is not lost to an empty one', () => {
  keep(name, 'Dear Ada');
  expect(later(name, theirs('', late))).toBe('here');
});
