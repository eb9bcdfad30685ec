import type { Row } from '@bothands/protocol';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useMemo, useRef, useState } from 'react';
import { useDesk } from '../../app/desk.tsx';
import { dialog, foundEntry } from '../../app/handles.ts';
import { useCell } from '../../data/cell.ts';
import { typing } from '../../data/live.ts';
import { pendingOf, usePending } from '../../data/pending.ts';
import { conversationQuery, decisionsQuery, entriesQuery } from '../../data/queries.ts';
import { takenOverSeq } from '../../data/timeline.ts';
import { Composer } from '../composer/composer.tsx';
import { BriefCard } from './brief-card.tsx';
import { Head } from './head.tsx';
import { OfferBar } from './offer-bar.tsx';
import { pointAt, shownSeqs } from './pointing.ts';
import { TimelineView } from './timeline-view.tsx';

export function Conversation({ id }: { id: string }) {
  const { live, me } = useDesk();
  const client = useQueryClient();
  const conversation = useQuery(conversationQuery(id));
  const timeline = useQuery(entriesQuery(client, id));
  const decisions = useQuery(decisionsQuery(id));
  const [readSeq, setReadSeq] = useState(0);
  const [isUnfolded, setUnfolded] = useState(false);
  const [pointed, setPointed] = useState<number[] | null>(null);
  const box = useRef<HTMLDivElement>(null);
  const entries = useMemo(() => timeline.data?.entries ?? [], [timeline.data]);
  const seenSeq = Math.max(readSeq, takenOverSeq(entries, me.id));
  const pending = pendingOf(usePending(), id, entries);

  useEffect(() => {
    live.view(id);
    return () => live.view(null);
  }, [live, id]);

  useEffect(() => {
    if (pointed === null) return;
    if (!pointAt(box.current, pointed) && !isUnfolded) setUnfolded(true);
    else setPointed(null);
  }, [pointed, isUnfolded]);

  const found = useCell(foundEntry);
  useEffect(() => {
    if (found?.id !== id || entries.length === 0) return;
    foundEntry.set(null);
    setPointed(shownSeqs([found.seq], entries));
  }, [found, id, entries]);

  useKeptFocus(conversation.data?.row);

  const failed = conversation.error ?? timeline.error;
  if (failed && !conversation.data) return <Unreadable words={failed.message} onAgain={() => void conversation.refetch()} />;
  if (!conversation.data || !timeline.data) return <section className="talk" aria-busy="true" aria-label="Conversation" />;

  const { row, brief } = conversation.data;
  return (
    <section className="talk" aria-label={`Conversation with ${row.contact.name}`}>
      <Head row={row} />
      <OfferBar row={row} />
      {brief && <BriefCard brief={brief} row={row} onPoint={(seqs) => setPointed(shownSeqs(seqs, entries))} />}
      <TimelineView
        box={box}
        contactName={row.contact.name}
        entries={entries}
        pending={pending}
        decisions={decisions.data ?? []}
        seenSeq={seenSeq}
        isUnfolded={isUnfolded}
        onUnfold={() => setUnfolded(true)}
        onSeen={setReadSeq}
        foot={<Typing id={id} />}
      />
      <Composer key={id} row={row} entries={entries} seenSeq={seenSeq} onSeen={setReadSeq} />
    </section>
  );
}

/** The button that was pressed may be gone once it has worked: focus then goes to where the next thing is done. */
function useKeptFocus(row: Row | undefined): void {
  const state = row && `${row.holder.kind} ${row.holder.id} ${row.closed_at}`;
  const before = useRef(state);
  useEffect(() => {
    const isChange = before.current !== undefined && before.current !== state;
    before.current = state;
    if (!isChange || document.activeElement !== document.body || dialog.get()) return;
    document.querySelector<HTMLElement>('.talk textarea, .talk-acts button')?.focus({ preventScroll: true });
  }, [state]);
}

function Typing({ id }: { id: string }) {
  const who = useCell(typing)[id];
  return <p className="typing">{who ? `${who.name} is typing…` : ''}</p>;
}

function Unreadable({ words, onAgain }: { words: string; onAgain: () => void }) {
  return (
    <section className="talk" aria-label="Conversation">
      <div className="empty" role="alert">
        <strong>This conversation could not be read</strong>
        <p>{words}</p>
        <button type="button" className="btn" onClick={onAgain}>
          Try again
        </button>
      </div>
    </section>
  );
}
