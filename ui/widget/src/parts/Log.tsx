/** The conversation: what was said before folds away, what is said now is announced once. */
import type { Entry, Outgoing } from '@bothands/protocol';
import { Component, type ComponentChildren } from 'preact';
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import { firstName, initialsOf, useRoom } from '../room.ts';
import { say } from '../say.ts';
import { Face } from './icons.tsx';
import { Bubble, EntryView, noteOf, Own } from './Message.tsx';

/** Fewer than this is not worth folding away. */
const FOLD_FROM_MESSAGES = 3;
const NEAR_END_PX = 90;
const GAP_PX = 12;
const SAME_MOMENT_MS = 3000;

interface RowProps {
  one: Entry | Outgoing;
  isOpen: boolean;
  note: string | undefined;
}

/** Nothing changes in an entry but whether its buttons are still of use, and what is said of its sending. */
class Row extends Component<RowProps> {
  override shouldComponentUpdate(next: RowProps) {
    const { one, isOpen, note } = this.props;
    return next.one !== one || next.isOpen !== isOpen || next.note !== note;
  }
  render() {
    const { one, isOpen, note } = this.props;
    if (!('id' in one)) return <Own text={one.text} files={one.attachments} note={note} isWaiting={one.seq === null} />;
    if (one.kind === 'message' && one.author_kind === 'contact') return <Own text={one.body} files={one.ref.attachments} isWaiting={false} />;
    return <EntryView entry={one} isOpen={isOpen} />;
  }
}

/** The contact's own words keep their element when they move from outbox to timeline. */
const keyOf = (one: Entry | Outgoing) => ('id' in one && (one.author_kind !== 'contact' || !one.client_id) ? one.id : one.client_id!);

/** Where the present part begins: at the joining of a person or the reopening, or after it all when closed. */
function foldAt(entries: Entry[], isClosed: boolean): number {
  if (isClosed) return entries.length;
  return entries.findLastIndex((entry) => entry.kind === 'reopening' || (entry.kind === 'transfer' && entry.ref.to.kind === 'agent'));
}

export function Log({ children, tail }: { children?: ComponentChildren; tail: 'waiting' | 'closing' | 'none' }) {
  const { visit, chat } = useRoom();
  const { entries } = visit;
  const scroller = useRef<HTMLDivElement>(null);
  const end = useRef<HTMLDivElement>(null);
  const [isUnfolded, setUnfolded] = useState(false);
  const pending = visit.outgoing.filter((one) => one.kind === 'send');
  const fold = useMemo(() => foldAt(entries, tail === 'closing'), [entries, tail]);
  const before = fold > 0 ? entries.slice(0, fold) : [];
  const folded = before.filter((entry) => entry.kind === 'message').length;
  const isFoldable = folded >= FOLD_FROM_MESSAGES;
  const now = isFoldable ? entries.slice(fold) : entries;
  const lastMessage = entries.findLast((entry) => entry.kind === 'message');
  const openSeq = pending.length || visit.state?.closed ? -1 : (lastMessage?.seq ?? -1);
  const asked = visit.state?.queue?.asked_at;
  const hasWords = Boolean(asked && lastMessage && Math.abs(Date.parse(asked) - Date.parse(lastMessage.at)) < SAME_MOMENT_MS);
  const missed = useMissed(scroller, end, { seq: visit.seq, sent: pending.length, tail, isTyping: visit.typing !== null, isThere: visit.isCaughtUp, hasWords });

  useEffect(() => {
    if (document.visibilityState === 'visible') chat.seen(visit.seq);
  }, [visit.seq]);

  const withAi = before.every((entry) => entry.author_kind !== 'agent');
  const showWords = folded === 1 ? say(withAi ? 'show_ai_one' : 'show_earlier_one') : say(withAi ? 'show_ai' : 'show_earlier', { n: folded });
  const row = (one: Entry | Outgoing) => (
    <Row one={one} isOpen={'id' in one && one.seq === openSeq} note={'id' in one ? undefined : noteOf(one, visit.link === 'online')} key={keyOf(one)} />
  );
  return (
    <div class="tl" ref={scroller} tabIndex={0} role="group" aria-label={say('conversation')} data-area="log">
      {isFoldable && (
        <button type="button" class="b q f" aria-expanded={isUnfolded} onClick={() => setUnfolded(!isUnfolded)}>
          {isUnfolded ? say('hide_earlier') : showWords}
        </button>
      )}
      {isFoldable && isUnfolded && (
        <div class="past" role="group" aria-label={say('earlier')}>
          {before.map(row)}
        </div>
      )}
      {visit.isCaughtUp && entries.length + pending.length === 0 && <Hello />}
      {visit.isCaughtUp ? (
        <div class="log" role="log" aria-live="polite" aria-relevant="additions" aria-label={say('conversation')}>
          {[...now, ...pending].map(row)}
        </div>
      ) : (
        <p class="hint">{say('loading')}</p>
      )}
      <Typing />
      {children}
      <div ref={end} />
      {missed.count > 0 && tail === 'none' && (
        <button type="button" class="new" onClick={missed.goToEnd}>
          {missed.count === 1 ? say('new_one') : say('new_many', { n: missed.count })} ↓
        </button>
      )}
    </div>
  );
}

function Hello() {
  const { company, visit } = useRoom();
  return (
    <div class="hello">
      <div class="m">
        <div class="n">
          <Face kind="assistant" initials="AI" small />
          {visit.assistant?.name || say('assistant')}
        </div>
        <Bubble>
          {company ? say('hello', { company }) : say('hello_bare')} {say('hello_more')}
        </Bubble>
      </div>
    </div>
  );
}

function Typing() {
  const { visit } = useRoom();
  const { typing, state } = visit;
  if (!typing || state?.closed) return null;
  const isPerson = typing.author_kind === 'agent';
  const name = typing.author_name || say('assistant');
  return (
    <div class="ty">
      <Face kind={typing.author_kind} initials={isPerson ? initialsOf(name) : 'AI'} small />
      {say('is_writing', { name: isPerson ? firstName(name) : name })}
    </div>
  );
}

/** Far zoomed in, the whole panel scrolls instead of the log. Never the page around it. */
function scrollTo(box: HTMLElement, target: HTMLElement, edge: 'start' | 'end') {
  const panel = box.parentElement!;
  const moving = box.scrollHeight > box.clientHeight + 1 || panel.scrollHeight <= panel.clientHeight + 1 ? box : panel;
  if (edge === 'end') moving.scrollTop = moving.scrollHeight;
  else moving.scrollTop += target.getBoundingClientRect().top - moving.getBoundingClientRect().top - GAP_PX;
}

type Ref = { current: HTMLDivElement | null };
interface Seen {
  seq: number;
  sent: number;
  tail: string;
  isTyping: boolean;
  isThere: boolean;
  /** The assistant said something as it brought a person in. */
  hasWords: boolean;
}

/** Follows the end while the reader is there; otherwise leaves them where they read and counts. */
function useMissed(scroller: Ref, end: Ref, { seq, sent, tail, isTyping, isThere, hasWords }: Seen) {
  const [count, setCount] = useState(0);
  const isNear = useRef(true);
  const last = useRef({ seq, sent, tail, isTyping });
  const goToEnd = () => {
    scrollTo(scroller.current!, end.current!, 'end');
    setCount(0);
  };
  useEffect(() => {
    const box = scroller.current!;
    const onScroll = () => {
      isNear.current = box.scrollHeight - box.scrollTop - box.clientHeight < NEAR_END_PX;
      if (isNear.current) setCount(0);
    };
    const onResize = new ResizeObserver(() => isNear.current && !box.querySelector('[data-tail]') && (box.scrollTop = box.scrollHeight));
    box.addEventListener('scroll', onScroll, { passive: true });
    onResize.observe(box);
    // A photo that arrives makes its message taller without a scroll.
    for (const inner of box.children) onResize.observe(inner);
    const block = box.querySelector<HTMLElement>('[data-tail]');
    if (block) scrollTo(box, block, 'start');
    else goToEnd();
    return () => {
      box.removeEventListener('scroll', onScroll);
      onResize.disconnect();
    };
  }, [isThere]);
  useLayoutEffect(() => {
    const was = last.current;
    last.current = { seq, sent, tail, isTyping };
    const box = scroller.current!;
    const block = box.querySelector<HTMLElement>('[data-tail]');
    const rows = box.querySelectorAll<HTMLElement>('.log > *');
    if (tail !== was.tail && block) {
      // The waiting card or the closing questions came. What was just said stands above them and is read first.
      const answer = [...rows].findLast((row) => row.matches('.m'));
      scrollTo(box, hasWords && answer && !answer.matches('.me') ? answer : block, 'start');
    } else if (tail === 'waiting' && (seq > was.seq || sent > was.sent)) {
      if (rows.length) scrollTo(box, rows[rows.length - 1]!, 'start');
    } else if (seq === was.seq && sent === was.sent && isTyping === was.isTyping) return;
    else if (sent > was.sent || (isNear.current && tail === 'none')) goToEnd();
    else if (seq > was.seq) setCount((n) => n + 1);
  });
  return { count, goToEnd };
}
