import type { ClosingEntry, Decision, Entry, NoteEntry, TransferEntry } from '@bothands/protocol';
import { memo } from 'react';
import { useDesk } from '../../app/desk.tsx';
import { clockOf } from '../../data/times.ts';
import { Bubble } from './bubble.tsx';
import { transferWords } from './transfer-words.ts';
import { Why } from './why.tsx';

interface EntryViewProps {
  entry: Entry;
  contactName: string;
  about: string;
  isContinued: boolean;
  isNew: boolean;
  decision: Decision | undefined;
}

export const EntryView = memo(function EntryView({ entry, contactName, about, isContinued, isNew, decision }: EntryViewProps) {
  // Whom it is for is a line of its own; only a word to them is something said.
  if (entry.kind === 'note' && entry.ref.assignment !== undefined && !entry.ref.assignment?.note) {
    return <Divider look="plain" words={assignmentWords(entry)} seq={entry.seq} />;
  }
  switch (entry.kind) {
    case 'message':
    case 'note':
      return <Bubble entry={entry} contactName={contactName} about={about} isContinued={isContinued} isNew={isNew} decision={decision} />;
    case 'transfer':
      return <TransferLine entry={entry} about={about} decision={decision} />;
    case 'closing':
      return <ClosingLine entry={entry} />;
    case 'reopening':
      return <Divider look="plain" words={`Opened again at ${clockOf(entry.at)}`} />;
    case 'tagging':
      return <Divider look="plain" words={taggingWords(entry)} seq={entry.seq} />;
    case 'rating':
      return <Divider look="plain" words={ratingWords(entry.ref)} />;
    default:
      return null;
  }
});

function TransferLine({ entry, about, decision }: { entry: TransferEntry; about: string; decision: Decision | undefined }) {
  const { me } = useDesk();
  const look = entry.ref.to.kind === 'assistant' ? 'ai' : 'hu';
  return (
    <div data-seq={entry.seq} tabIndex={-1} className="transfer">
      <Divider look={look} words={transferWords(entry, me.id)} />
      {entry.ref.words && <p className="divider-note">{entry.ref.words}</p>}
      {decision && entry.ref.to.kind !== 'assistant' && (
        <div className="divider-why">
          <Why decision={decision} about={about} question="Why a person?" />
        </div>
      )}
    </div>
  );
}

function ClosingLine({ entry }: { entry: ClosingEntry }) {
  const by = entry.ref.by?.name ? ` by ${entry.ref.by.name}` : '';
  return (
    <div>
      <Divider look="plain" words={`Closed${by} at ${clockOf(entry.at)}`} />
      {(entry.ref.reason || entry.ref.agreed) && (
        <p className="divider-note">
          {[closingWord(entry.ref.reason), entry.ref.agreed && `Agreed: ${entry.ref.agreed}`].filter(Boolean).join(' · ')}
        </p>
      )}
    </div>
  );
}

function Divider({ look, words, seq }: { look: 'hu' | 'ai' | 'plain'; words: string; seq?: number }) {
  return (
    <div className={`divider ${look}`} data-seq={seq} tabIndex={seq && -1}>
      <span>{words}</span>
    </div>
  );
}

function taggingWords({ author_name, ref, at }: Entry): string {
  const { added, removed } = ref as { added?: string; removed?: string };
  const did = added ? `put the tag “${added}” on` : `took the tag “${removed}” off`;
  return `${author_name ?? 'The desk'} ${did} at ${clockOf(at)}`;
}

function assignmentWords(entry: NoteEntry): string {
  const by = entry.author_kind === 'agent' && entry.ref.assignment ? ` by ${entry.author_name}` : '';
  return `${entry.body.replace(/\.$/, '')}${by} at ${clockOf(entry.at)}`;
}

export const CLOSING_REASONS: [code: string, words: string][] = [
  ['answered', 'The question is answered'],
  ['solved', 'The matter is settled'],
  ['no_reply', 'The customer no longer replies'],
  ['elsewhere', 'It goes on elsewhere (phone, e-mail, shop)'],
  ['spam', 'Not a real request'],
];

const closingWord = (code: string | null | undefined) =>
  CLOSING_REASONS.find(([known]) => known === code)?.[1] ?? code?.replaceAll('_', ' ') ?? '';

function ratingWords(ref: Record<string, unknown>): string {
  const solved = { yes: 'solved', partly: 'partly solved', no: 'not solved' }[String(ref.solved)];
  const score = typeof ref.score === 'number' ? `${ref.score} of 5` : null;
  const comment = typeof ref.comment === 'string' && ref.comment ? `“${ref.comment}”` : null;
  return `The customer says: ${[solved, score, comment].filter(Boolean).join(', ') || 'rated'}`;
}
