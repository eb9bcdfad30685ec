import { expect, test } from 'vitest';
import { checkedFiles, nameFor, questionsOf } from '../src/views/knowledge/file-check.ts';

test('a wrong file is refused with its name, the cause and the cure', () => {
  expect(checkedFiles([{ name: 'faq.pdf', size: 10 }])).toBe('faq.pdf: not a kind that can be read. Save it as .md, .csv or .txt.');
  expect(checkedFiles([{ name: 'faq.csv', size: 3_000_000 }])).toContain('larger than 2 MB');
  expect(checkedFiles([{ name: 'faq.csv', size: 0 }])).toContain('empty');
  expect(checkedFiles([])).toContain('No file');
  expect(checkedFiles([{ name: 'FAQ.CSV', size: 10 }])).toBeNull();
});

test('pasted text is named by its shape', () => {
  expect(nameFor('question,answer\na,b')).toBe('pasted.csv');
  expect(nameFor('"Question";"Answer"\na;b')).toBe('pasted.csv');
  expect(nameFor('# Delivery\n\nWe deliver.')).toBe('pasted.md');
  expect(nameFor('Q: Do you?\nA: Yes')).toBe('pasted.txt');
});

test('questions are lines, without list marks', () => {
  expect(questionsOf('1. Do you?\n\n- Can I?\n  What  ')).toEqual(['Do you?', 'Can I?', 'What']);
});
