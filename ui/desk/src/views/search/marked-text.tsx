import type { Hit } from '@bothands/protocol';

export interface MarkedPart {
  text: string;
  isFound: boolean;
}

/** Cuts a text at its marks, which count characters: an emoji is one of them, though two in a string of here. */
export function markedParts({ text, marks }: Pick<Hit, 'text' | 'marks'>): MarkedPart[] {
  const signs = Array.from(text);
  const parts: MarkedPart[] = [];
  let from = 0;
  const add = (to: number, isFound: boolean) => {
    if (to > from) parts.push({ text: signs.slice(from, to).join(''), isFound });
    from = Math.max(from, to);
  };
  for (const [start, end] of marks) {
    add(start, false);
    add(end, true);
  }
  add(signs.length, false);
  return parts;
}

export function MarkedText(hit: Pick<Hit, 'text' | 'marks'>) {
  return markedParts(hit).map((part, index) => (part.isFound ? <mark key={index}>{part.text}</mark> : <span key={index}>{part.text}</span>));
}
