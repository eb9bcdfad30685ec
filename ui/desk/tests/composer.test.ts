import { expect, test } from 'vitest';
import { draftPieces } from '../src/views/composer/draft-pieces.ts';
import { markedPieces, sendableText, unsourcedIn } from '../src/views/composer/drafting.ts';
import { checkedPhotos, PHOTOS_MAX } from '../src/views/composer/photos.ts';
import { draftOf } from './people.ts';

const source = { number: 1, title: 'Delivery', kind: 'article' as const };
const draft = draftOf('Hello Ada. We deliver on Saturdays. [1] It will come on Friday. Is that fine?', {
  sources: [source],
  unsourced: [{ start: 40, end: 64, text: 'It will come on Friday.' }],
});

test('a draft shows which sentence has which source, and which has none', () => {
  const marked = draftPieces(draft).filter((piece) => piece.look !== 'plain');
  expect(marked).toEqual([
    { text: 'We deliver on Saturdays.', look: 'sourced', mark: '1' },
    { text: 'It will come on Friday.', look: 'unsourced', mark: '?' },
  ]);
});

test('no word of a draft is lost when it is cut into pieces', () => {
  const words = (text: string) => text.replace(/\[\d+\]/g, '').split(/\s+/).filter(Boolean);
  for (const text of [draft.text, 'No end', 'Costs 3.50 € today. [1] Fine?!', 'One.\n\nTwo. [1]', 'It is 30 °C. e.g. wool']) {
    const pieces = draftPieces({ ...draft, text, unsourced: [] });
    expect(words(pieces.map((piece) => piece.text).join(''))).toEqual(words(text));
  }
});

test('what is sent carries no marks', () => {
  expect(sendableText(draft)).toBe('Hello Ada. We deliver on Saturdays. It will come on Friday. Is that fine?');
});

test('a claim without a source is found as long as it stands there word for word', () => {
  const text = sendableText(draft);
  const [span] = unsourcedIn(text, draft);
  expect(text.slice(span!.start, span!.end)).toBe('It will come on Friday.');
  expect(unsourcedIn(text.replace('on Friday', 'next week'), draft)).toEqual([]);
  expect(unsourcedIn(text, null)).toEqual([]);
});

test('the layer behind the field holds exactly the text of the field', () => {
  const text = sendableText(draft);
  const pieces = markedPieces(text, unsourcedIn(text, draft));
  expect(pieces.map((piece) => piece.text).join('')).toBe(text);
  expect(pieces.map((piece) => piece.look)).toEqual(['plain', 'unsourced', 'plain']);
});

test('what cannot be sent as a photo is named before it leaves', () => {
  const photo = { name: 'spring.png', size: 1000, type: 'image/png' };
  expect(checkedPhotos([photo], 0)).toBeNull();
  expect(checkedPhotos([{ ...photo, type: 'image/svg+xml' }], 0)).toMatch(/spring.png: not a picture/);
  expect(checkedPhotos([{ ...photo, size: 9_000_000 }], 0)).toMatch(/larger than 8 MB/);
  expect(checkedPhotos([photo], PHOTOS_MAX)).toMatch(/at most 5/);
});
