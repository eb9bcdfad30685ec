import type { Draft } from '@bothands/protocol';
import { markedPieces, unsourcedIn } from './drafting.ts';

export interface DraftPiece {
  text: string;
  look: 'plain' | 'sourced' | 'unsourced';
  mark: string;
}

const MARKS = /(?:\s?\[\d{1,2}\])+/g;
const SENTENCE_START = /(?:[.!?…]["”’)]?\s+|\n+)(?=\S)/g;

/** Cuts a draft at its [marks]: the sentence before a mark has that source; the rest has none or needs none. */
export function draftPieces(draft: Draft): DraftPiece[] {
  const known = new Set(draft.sources.map((source) => source.number));
  const pieces: DraftPiece[] = [];
  const plain = (text: string) => {
    for (const piece of markedPieces(text, unsourcedIn(text, draft))) {
      if (piece.text) pieces.push({ text: piece.text, look: piece.look, mark: piece.look === 'unsourced' ? '?' : '' });
    }
  };
  let from = 0;
  for (const run of draft.text.matchAll(MARKS)) {
    const numbers = [...run[0].matchAll(/\d+/g)].map(([digits]) => Number(digits)).filter((number) => known.has(number));
    const chunk = draft.text.slice(from, run.index);
    const start = numbers.length > 0 ? lastSentenceStart(chunk) : chunk.length;
    plain(chunk.slice(0, start));
    if (start < chunk.length) pieces.push({ text: chunk.slice(start), look: 'sourced', mark: numbers.join(' ') });
    from = run.index + run[0].length;
  }
  plain(draft.text.slice(from));
  return pieces;
}

function lastSentenceStart(chunk: string): number {
  const last = [...chunk.matchAll(SENTENCE_START)].at(-1);
  if (last) return last.index + last[0].length;
  return chunk.length - chunk.trimStart().length;
}
