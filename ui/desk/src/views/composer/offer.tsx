import type { Draft } from '@bothands/protocol';
import { DraftSources, DraftText } from './draft-offer.tsx';

interface ActsProps {
  canTake: boolean;
  onTake: () => void;
  onDiscard: () => void;
}

function Acts({ canTake, onTake, onDiscard }: ActsProps) {
  return (
    <>
      <span className="tag ai">Draft by AI, not sent</span>
      {canTake && (
        <>
          <button type="button" className="btn quiet small" onClick={onTake}>
            Take it <kbd>Tab</kbd>
          </button>
          <button type="button" className="btn quiet small" onClick={onDiscard}>
            Discard <kbd>Esc</kbd>
          </button>
        </>
      )}
    </>
  );
}

function Text({ draft }: { draft: Draft }) {
  return (
    <div className="offer" role="group" aria-label="Draft by AI, not sent">
      <DraftText draft={draft} />
      <DraftSources draft={draft} unsourced={draft.unsourced.map((claim) => claim.text)} />
      <span id="draft-hint" className="only-read">
        A draft by the AI is offered. Tab takes it, Escape discards it.
      </span>
    </div>
  );
}

export const Offer = { Acts, Text };
