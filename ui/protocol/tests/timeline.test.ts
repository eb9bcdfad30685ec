import { expect, test } from 'vitest';
import { bodyParts, safeLink } from '../src/index.ts';

test('markers and links are cut out of a body, the rest stays as it is', () => {
  expect(bodyParts('Yes, until 14:00. [1] See https://shop.example/help. [12]')).toEqual([
    { text: 'Yes, until 14:00.' },
    { source: 1 },
    { text: ' See ' },
    { link: 'https://shop.example/help' },
    { text: '.' },
    { source: 12 },
  ]);
});

test('brackets that are no markers stay text', () => {
  expect(bodyParts('Take [a] or [123].')).toEqual([{ text: 'Take [a] or [123].' }]);
});

test.each(['javascript:alert(1)', 'data:text/html,x', 'JAVASCRIPT:alert(1)', ' javascript:alert(1)', ''])('%s is no link', (url) => {
  expect(safeLink(url, 'https://shop.example/')).toBeNull();
});

test('a path is a link on the server', () => {
  expect(safeLink('/help/x', 'https://shop.example/')).toBe('https://shop.example/help/x');
});
