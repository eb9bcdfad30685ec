import type { Decision, Entry } from '@bothands/protocol';
import { useEffect, useLayoutEffect, useRef, useState, type ReactNode, type RefObject } from 'react';
import { lastShownSeq, type Pending } from '../../data/timeline.ts';
import { EntryView } from './entry-view.tsx';
import { flowOf, isContinued } from './flow.ts';
import { PendingView } from './pending-view.tsx';

const NEAR_END_PX = 60;
const READ_MS = 1500;

interface TimelineViewProps {
  box: RefObject<HTMLDivElement | null>;
  contactName: string;
  entries: Entry[];
  pending: Pending[];
  decisions: readonly Decision[];
  seenSeq: number;
  isUnfolded: boolean;
  onUnfold: () => void;
  onSeen: (seq: number) => void;
  foot: ReactNode;
}

export function TimelineView(props: TimelineViewProps) {
  const { box, contactName, entries, pending, decisions, seenSeq, isUnfolded, onUnfold, onSeen, foot } = props;
  const flow = flowOf(entries, isUnfolded);
  const lastSeq = entries.at(-1)?.seq ?? 0;
  const shownSeq = lastShownSeq(entries);
  const { isAtEnd, toEnd, onScroll } = useEnd(box, lastSeq + pending.length);
  const [arrivedSeq] = useState(lastSeq);
  const isFirst = useRef(true);

  useEffect(() => {
    if (!isAtEnd || document.visibilityState !== 'visible') return;
    // What popped up under the typing hand a moment ago has not been read yet.
    const timer = setTimeout(() => onSeen(shownSeq), isFirst.current ? 0 : READ_MS);
    isFirst.current = false;
    return () => clearTimeout(timer);
  }, [isAtEnd, shownSeq, onSeen]);

  const unseen = entries.filter((entry) => entry.seq > seenSeq && entry.author_kind === 'contact').length;
  const byMessage = new Map(decisions.map((decision) => [decision.message_seq, decision]));
  return (
    <div className="scroll-place">
      <div className="scroll" ref={box} onScroll={onScroll} tabIndex={0} role="region" aria-label="Conversation, scrollable">
        <div className="log" role="log" aria-live="polite" aria-label="Conversation">
          {flow.hidden > 0 && (
            <div className="fold">
              <button type="button" className="btn small" onClick={onUnfold}>
                Show the {flow.hidden} earlier messages
              </button>
            </div>
          )}
          {flow.entries.map((entry, index) => (
            <EntryView
              key={entry.seq}
              entry={entry}
              contactName={contactName}
              about={aboutOf(entry, entries)}
              isContinued={isContinued(flow.entries[index - 1], entry)}
              isNew={entry.seq > Math.max(arrivedSeq, seenSeq) && entry.author_kind === 'contact'}
              decision={decisionFor(entry, entries, byMessage, decisions)}
            />
          ))}
          {pending.map((one) => (
            <PendingView key={one.client_id} pending={one} />
          ))}
        </div>
        {foot}
      </div>
      {!isAtEnd && (
        <button type="button" className="btn small to-end" onClick={toEnd}>
          {unseen > 0 ? `${unseen} new, show` : 'To the latest'} <span aria-hidden="true">↓</span>
        </button>
      )}
    </div>
  );
}

/** The words that were read when this was decided: spans of a reading point into them. */
function aboutOf(entry: Entry, entries: readonly Entry[]): string {
  const asked = entries.findLast((each) => each.seq < entry.seq && each.kind === 'message' && each.author_kind === 'contact');
  return asked?.body ?? '';
}

/** A reply names its decision; a transfer belongs to the decision on the customer's last message before it. */
function decisionFor(entry: Entry, entries: readonly Entry[], byMessage: ReadonlyMap<number, Decision>, all: readonly Decision[]): Decision | undefined {
  if (entry.kind === 'message' && entry.author_kind === 'assistant') {
    return all.find((decision) => decision.id === entry.ref.decision_id);
  }
  if (entry.kind !== 'transfer' || entry.ref.from.kind !== 'assistant') return undefined;
  const asked = entries.findLast((each) => each.seq < entry.seq && each.kind === 'message' && each.author_kind === 'contact');
  const decision = asked && byMessage.get(asked.seq);
  return decision?.step === 'hand_off' ? decision : undefined;
}

/** Follows the end only for somebody who is at the end: reading further up is never disturbed. */
function useEnd(box: RefObject<HTMLDivElement | null>, length: number) {
  const [isAtEnd, setAtEnd] = useState(true);
  const follows = useRef(true);
  const height = useRef(0);
  const onScroll = () => {
    const at = box.current;
    if (!at) return;
    // The frame around it changed, nobody scrolled: whoever followed the end still does.
    if (at.clientHeight !== height.current) {
      height.current = at.clientHeight;
      if (follows.current) at.scrollTop = at.scrollHeight;
    }
    follows.current = at.scrollHeight - at.scrollTop - at.clientHeight < NEAR_END_PX;
    setAtEnd(follows.current);
  };
  useLayoutEffect(() => {
    const at = box.current;
    if (!at) return;
    height.current = at.clientHeight;
    if (follows.current) at.scrollTop = at.scrollHeight;
  }, [box, length]);
  useEffect(() => {
    const at = box.current;
    if (!at) return;
    const watcher = new ResizeObserver(() => {
      height.current = at.clientHeight;
      if (follows.current) at.scrollTop = at.scrollHeight;
    });
    watcher.observe(at);
    for (const child of at.children) watcher.observe(child);
    return () => watcher.disconnect();
  }, [box]);
  const toEnd = () => box.current?.scrollTo({ top: box.current.scrollHeight });
  return { isAtEnd, toEnd, onScroll };
}
