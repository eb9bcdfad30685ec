import type { MentionSpan } from '@bothands/protocol';
import { markedParts } from '../search/marked-text.tsx';

/** A note with the colleagues it mentions; the spans count characters, and what is no name of theirs stays text. */
export function MentionedText({ text, mentions }: { text: string; mentions: readonly MentionSpan[] }) {
  const marks = mentions.map(({ start, end }): [number, number] => [start, end]);
  return markedParts({ text, marks }).map((part, index) =>
    part.isFound ? (
      <mark key={index} className="mention">
        {part.text}
      </mark>
    ) : (
      <span key={index}>{part.text}</span>
    ),
  );
}
