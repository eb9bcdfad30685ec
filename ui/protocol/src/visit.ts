/** What a visitor's side knows, and how each event changes it. Pure: no socket, no clock, no storage. */
import type { Link } from './line.ts';
import { mergeEntries } from './timeline.ts';
import type { Attachment, Entry, Moment, Problem, ServerFrame, State } from './wire.ts';

/** Something the visitor said that is not yet seen in the timeline. */
export interface Outgoing {
  client_id: string;
  kind: 'send' | 'ask_person';
  text: string;
  attachments: Attachment[];
  at: Moment;
  /** Set once the server has it on disk; the entry itself may follow later. */
  seq: number | null;
  problem: Problem | null;
}

export interface Visit {
  link: Link;
  key: string | null;
  conversationId: string | null;
  company: string;
  assistant: { name: string; disclosure: string } | null;
  state: State | null;
  entries: Entry[];
  seq: number;
  /** False until the history has arrived, so that it is not taken for news. */
  isCaughtUp: boolean;
  outgoing: Outgoing[];
  typing: { author_kind: 'assistant' | 'agent'; author_name: string } | null;
  problem: Problem | null;
}

export type VisitEvent =
  | ServerFrame
  | { is: 'link'; link: Link }
  | { is: 'queued'; outgoing: Outgoing }
  | { is: 'loaded'; outgoing: Outgoing[] }
  | { is: 'dropped'; client_id: string }
  | { is: 'retried'; client_id: string }
  | { is: 'problem'; problem: Problem | null }
  | { is: 'caught_up' }
  | { is: 'quiet' }
  | { is: 'left' };

export function newVisit(key: string | null): Visit {
  return {
    link: 'connecting',
    key,
    conversationId: null,
    company: '',
    assistant: null,
    state: null,
    entries: [],
    seq: 0,
    isCaughtUp: false,
    outgoing: [],
    typing: null,
    problem: null,
  };
}

export function reduceVisit(visit: Visit, event: VisitEvent): Visit {
  switch (event.is) {
    case 'welcome':
      return welcomed(visit, event);
    case 'entries':
      return withEntries(visit, event.entries, event.seq);
    case 'state':
      return { ...visit, state: event.state };
    case 'stored':
      return { ...visit, outgoing: stored(visit, event.client_id, event.seq) };
    case 'refused':
      return refused(visit, event.client_id, event.error);
    case 'typing':
      return { ...visit, typing: { author_kind: event.author_kind, author_name: event.author_name } };
    case 'quiet':
      return visit.typing ? { ...visit, typing: null } : visit;
    case 'pong':
      return visit;
    case 'link':
      return { ...visit, link: event.link, typing: event.link === 'online' ? visit.typing : null };
    case 'queued':
      return { ...visit, problem: null, outgoing: [...visit.outgoing, event.outgoing] };
    case 'loaded':
      return { ...visit, outgoing: joined(visit, event.outgoing) };
    case 'dropped':
      return { ...visit, outgoing: visit.outgoing.filter((one) => one.client_id !== event.client_id) };
    case 'retried':
      return { ...visit, outgoing: changed(visit.outgoing, event.client_id, { problem: null }) };
    case 'problem':
      return { ...visit, problem: event.problem };
    case 'caught_up':
      return visit.isCaughtUp ? visit : { ...visit, isCaughtUp: true };
    case 'left':
      return { ...newVisit(null), company: visit.company, assistant: visit.assistant };
    default:
      // A newer server may say things this bundle does not know yet.
      return visit;
  }
}

function welcomed(visit: Visit, event: Extract<ServerFrame, { is: 'welcome' }>): Visit {
  const isOther = visit.conversationId !== null && visit.conversationId !== event.conversation_id;
  return {
    ...visit,
    key: event.key,
    company: event.company,
    assistant: event.assistant,
    state: event.state,
    conversationId: event.conversation_id,
    entries: isOther ? [] : visit.entries,
    seq: isOther ? 0 : visit.seq,
    isCaughtUp: isOther ? false : visit.isCaughtUp || event.conversation_id === null,
    problem: null,
  };
}

function withEntries(visit: Visit, fresh: Entry[], seq: number): Visit {
  const conversationId = fresh[0]?.conversation_id ?? visit.conversationId;
  // After a closing the next message may open a new conversation, whose seq begins anew.
  const isOther = visit.conversationId !== null && visit.conversationId !== conversationId;
  const arrived = new Set(fresh.map((entry) => entry.client_id));
  const lastMessage = fresh.findLast((entry) => entry.kind === 'message');
  return {
    ...visit,
    conversationId,
    entries: mergeEntries(isOther ? [] : visit.entries, fresh),
    seq: Math.max(isOther ? 0 : visit.seq, seq, ...fresh.map((entry) => entry.seq)),
    isCaughtUp: true,
    outgoing: visit.outgoing.filter((one) => !arrived.has(one.client_id)),
    typing: lastMessage && lastMessage.author_kind === visit.typing?.author_kind ? null : visit.typing,
  };
}

function stored(visit: Visit, clientId: string, seq: number): Outgoing[] {
  const isSeen = visit.entries.some((entry) => entry.client_id === clientId);
  return changed(visit.outgoing, clientId, { seq, problem: null }).filter(
    (one) => one.client_id !== clientId || (one.kind === 'send' && !isSeen),
  );
}

function refused(visit: Visit, clientId: string | null, problem: Problem): Visit {
  if (clientId === null || !visit.outgoing.some((one) => one.client_id === clientId)) return { ...visit, problem };
  return { ...visit, outgoing: changed(visit.outgoing, clientId, { problem }) };
}

/** What another tab or an earlier page left, without what is already known here. */
function joined(visit: Visit, others: Outgoing[]): Outgoing[] {
  const known = new Set([
    ...visit.outgoing.map((one) => one.client_id),
    ...visit.entries.map((entry) => entry.client_id),
  ]);
  const fresh = others.filter((one) => !known.has(one.client_id));
  if (fresh.length === 0) return visit.outgoing;
  return [...visit.outgoing, ...fresh].sort((a, b) => a.at.localeCompare(b.at));
}

function changed(outgoing: Outgoing[], clientId: string, change: Partial<Outgoing>): Outgoing[] {
  return outgoing.map((one) => (one.client_id === clientId ? { ...one, ...change } : one));
}

/** May this be tried again without the visitor's doing? Overload and haste pass by themselves. */
export function passesByItself(problem: Problem): boolean {
  return problem.status === 429 || problem.status >= 500;
}
