import type { Row } from '@bothands/protocol';

interface LockedProps {
  row: Row;
  hasDraft: boolean;
  keptText: string;
  onNote: () => void;
}

/** Why there is no field here, and what opens it. */
export function Locked({ row, hasDraft, keptText, onNote }: LockedProps) {
  return (
    <div className="locked">
      <p className="sec">{wordsFor(row, hasDraft)}</p>
      {keptText.trim() && !row.closed_at && (
        <>
          <p className="kept-text" aria-label="What you wrote">{keptText}</p>
          <p className="sec">Nothing of it was sent. It is kept here for when you have the conversation.</p>
          <button type="button" className="btn small" onClick={onNote}>
            Make it a note
          </button>
        </>
      )}
    </div>
  );
}

function wordsFor(row: Row, hasDraft: boolean): string {
  if (row.closed_at) return 'This conversation is closed. Reopen it to write.';
  if (row.holder.kind === 'assistant') return 'The AI is answering. Take over and it falls silent at once.';
  if (row.holder.kind === 'agent') return `${row.holder.name} has this conversation.`;
  return hasDraft ? 'The draft opens when you take over.' : 'The customer waits for a person. Take over to write.';
}
