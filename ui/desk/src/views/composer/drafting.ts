import type { Draft } from '@bothands/protocol';

export interface Span {
  start: number;
  end: number;
}

export interface MarkedPiece {
  text: string;
  look: 'plain' | 'unsourced';
}

/** The draft as it would be sent: without its [1] marks, which only the agent needs. */
export function sendableText(draft: Draft): string {
  return draft.text.replace(/\s?\[\d{1,2}\]/g, '').trim();
}

const plain = (text: string) => text.replace(/\s?\[\d{1,2}\]/g, '').trim();

/** Where statements without a source still stand, word for word, in what is being written. */
export function unsourcedIn(text: string, draft: Draft | null): Span[] {
  if (!draft) return [];
  const spans: Span[] = [];
  for (const claim of draft.unsourced) {
    const words = plain(claim.text);
    const start = words ? text.indexOf(words) : -1;
    if (start >= 0) spans.push({ start, end: start + words.length });
  }
  return spans.sort((one, other) => one.start - other.start);
}

export function markedPieces(text: string, spans: readonly Span[]): MarkedPiece[] {
  const pieces: MarkedPiece[] = [];
  let from = 0;
  for (const span of spans) {
    if (span.start < from) continue;
    if (span.start > from) pieces.push({ text: text.slice(from, span.start), look: 'plain' });
    pieces.push({ text: text.slice(span.start, span.end), look: 'unsourced' });
    from = span.end;
  }
  if (from < text.length) pieces.push({ text: text.slice(from), look: 'plain' });
  return pieces;
}
