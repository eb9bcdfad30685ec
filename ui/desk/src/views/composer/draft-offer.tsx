import type { Draft, Suggestion } from '@bothands/protocol';
import { SourceName } from '../../parts/sourced-text.tsx';
import { draftPieces } from './draft-pieces.ts';

/** The assistant's draft, to be read: numbered where a source stands behind it, "?" where none does. */
export function DraftText({ draft }: { draft: Draft }) {
  return (
    <p className="draft" dir="auto">
      {draftPieces(draft).map((piece, index) =>
        piece.look === 'plain' ? (
          piece.text
        ) : (
          <span key={index}>
            <mark className={piece.look}>{piece.text}</mark>
            <sup className={piece.look}>
              <span className="only-read">{piece.look === 'unsourced' ? ' no source ' : ' source '}</span>
              {piece.mark}
            </sup>
          </span>
        ),
      )}
    </p>
  );
}

export function DraftSources({ draft, unsourced }: { draft: Draft; unsourced: readonly string[] }) {
  if (draft.sources.length === 0 && unsourced.length === 0) return null;
  return (
    <ul className="draft-sources" aria-label="Sources of the draft">
      {draft.sources.map((source) => (
        <li key={source.number}>
          <b>{source.number}</b> <SourceName source={source} />
        </li>
      ))}
      {unsourced.map((words) => (
        <li key={words} className="unsourced">
          <b aria-hidden="true">?</b> No source for “{short(words)}”. Check before sending.
        </li>
      ))}
    </ul>
  );
}

const SHORT_CHARS = 60;
const short = (words: string) => (words.length > SHORT_CHARS ? `${words.slice(0, SHORT_CHARS - 1).trimEnd()}…` : words);

export function NextStep({ step }: { step: Suggestion['next_step'] }) {
  if (!step) return null;
  return (
    <div className="next-step">
      <span className="mut">Next step</span>
      <b>{step.text}</b>
      {step.source && (
        <span className="from">
          <SourceName source={step.source} />
        </span>
      )}
    </div>
  );
}
