/** A visitor's chat: the line, the outbox and the reducer put together behind a few plain verbs. */
import { openLine, retryDelay, type Line, type Link } from './line.ts';
import { openOutbox, type Shelf } from './outbox.ts';
import { newVisit, passesByItself, reduceVisit, type Outgoing, type Visit, type VisitEvent } from './visit.ts';
import type { Attachment, Problem, ServerFrame, Solved, VisitorFrame } from './wire.ts';

export const TYPING_SHOWN_MS = 6_000;
export const TYPING_SENT_EVERY_MS = 3_000;
export const HISTORY_WITHIN_MS = 1_500;
/** When a refusal does not say how long to wait. */
export const RETRY_REFUSED_MS = 5_000;
export const PAGE_CHARS_MAX = 2_000;
/** Acts that carry no client_id and were made while offline. */
export const WAITING_ACTS_MAX = 20;

export interface ChatOptions {
  inbox: string;
  /** Where the server is: the origin of the script. */
  base: string;
  shelf: Shelf;
  language: string;
  page: string;
  /** Comes before the key that is kept. */
  key?: string;
  makeSocket?: (url: string) => WebSocket;
}

export interface Chat {
  visit(): Visit;
  subscribe(fn: (visit: Visit) => void): () => void;
  send(text: string, attachments: Attachment[]): void;
  askPerson(): void;
  act(frame: VisitorFrame): void;
  typing(): void;
  seen(seq: number): void;
  retry(clientId: string): void;
  /** Take a refused message back, to edit or to forget. */
  takeBack(clientId: string): Outgoing | null;
  rate(solved: Solved | null, score: number | null, comment: string): void;
  upload(file: File): Promise<Attachment>;
  fileUrl(id: string): string;
  dismiss(): void;
  /** Come in with this key from now on; `isAnother`: as somebody else, with nothing of the one before. */
  become(key: string | null, isAnother: boolean): void;
  close(): void;
}

/** An upload that did not succeed, carrying the server's problem. */
export class Refusal extends Error {
  readonly problem: Problem;
  constructor(problem: Problem) {
    super(problem.title);
    this.problem = problem;
  }
}

export function openChat(options: ChatOptions): Chat {
  const { inbox, base, shelf } = options;
  const outbox = openOutbox(shelf, inbox);
  const keyName = `bothands:${inbox}:key`;
  const listeners = new Set<(visit: Visit) => void>();
  const waitingActs: VisitorFrame[] = [];
  /** How often each message was refused for a while. */
  const refusals = new Map<string, number>();
  let visit = newVisit(options.key ?? shelf.getItem(keyName));
  let askedKey: string | null = null;
  let isWelcome = false;
  let seenSeq = 0;
  let typingSentAt = -Infinity;
  let quietTimer = 0;
  let historyTimer = 0;

  const apply = (event: VisitEvent) => {
    visit = reduceVisit(visit, event);
    for (const fn of listeners) fn(visit);
  };

  const line: Line<VisitorFrame> = openLine<VisitorFrame, ServerFrame>({
    url: () => new URL(`/ws/chat/${encodeURIComponent(inbox)}`, base).href.replace(/^http/, 'ws'),
    onOpen: greet,
    onFrame: hear,
    onLink: (link: Link) => {
      if (link !== 'online') {
        isWelcome = false;
        apply({ is: 'link', link });
      }
    },
    ...(options.makeSocket ? { makeSocket: options.makeSocket } : {}),
  });

  function greet() {
    const page = options.page.slice(0, PAGE_CHARS_MAX);
    askedKey = visit.key;
    line.send({ do: 'hello', key: visit.key, since: visit.seq, page, language: options.language });
  }

  function hear(frame: ServerFrame) {
    const before = visit.conversationId;
    apply(frame);
    if (frame.is === 'welcome') settleIn(frame.key, before);
    else if (frame.is === 'stored') forget(frame.client_id);
    else if (frame.is === 'entries') frame.entries.forEach((entry) => entry.client_id && forget(entry.client_id));
    else if (frame.is === 'refused') heardRefusal(frame.client_id, frame.error);
    else if (frame.is === 'typing') {
      clearTimeout(quietTimer);
      quietTimer = setTimeout(() => apply({ is: 'quiet' }), TYPING_SHOWN_MS) as unknown as number;
    }
  }

  function settleIn(key: string, before: string | null) {
    const latest = shelf.getItem(keyName);
    if (key !== askedKey && askedKey !== null && latest !== null && latest !== askedKey) {
      // Our key is void, and another tab has the one that took its place.
      become(latest, false);
      return;
    }
    isWelcome = true;
    try {
      shelf.setItem(keyName, key);
    } catch {
      // A full shelf costs the memory of this visit after a reload, not the visit.
    }
    // The server greeted us with another conversation than we asked to resume: read it from its start.
    if (before !== null && before !== visit.conversationId) line.send({ do: 'catch_up', since: 0 });
    apply({ is: 'link', link: 'online' });
    apply({ is: 'loaded', outgoing: outbox.all() });
    clearTimeout(historyTimer);
    historyTimer = setTimeout(() => apply({ is: 'caught_up' }), HISTORY_WITHIN_MS) as unknown as number;
    visit.outgoing.forEach(post);
    waitingActs.splice(0).forEach((frame) => line.send(frame));
    seenSeq = 0;
  }

  function heardRefusal(clientId: string | null, problem: Problem) {
    if (clientId === null) return;
    if (!passesByItself(problem)) {
      forget(clientId);
      return;
    }
    const attempt = refusals.get(clientId) ?? 0;
    refusals.set(clientId, attempt + 1);
    // Not before it was told to, and not when everybody else does.
    const told = (problem.retry_after_seconds ?? 0) * 1000 || RETRY_REFUSED_MS;
    setTimeout(() => retry(clientId), told + retryDelay(attempt, Math.random()));
  }

  function forget(clientId: string) {
    refusals.delete(clientId);
    outbox.remove(clientId);
  }

  function post(one: Outgoing) {
    if (!isWelcome || one.seq !== null || (one.problem && !passesByItself(one.problem))) return;
    if (one.kind === 'ask_person') line.send({ do: 'ask_person', client_id: one.client_id });
    else {
      const attachments = one.attachments.map((file) => file.id);
      line.send({ do: 'send', client_id: one.client_id, text: one.text, attachments });
    }
  }

  function enqueue(kind: Outgoing['kind'], text: string, attachments: Attachment[]) {
    const at = new Date().toISOString();
    const outgoing: Outgoing = { client_id: newClientId(), kind, text, attachments, at, seq: null, problem: null };
    outbox.put(outgoing);
    apply({ is: 'queued', outgoing });
    post(outgoing);
    line.wake();
  }

  function retry(clientId: string) {
    apply({ is: 'retried', client_id: clientId });
    const one = visit.outgoing.find((out) => out.client_id === clientId);
    if (one) {
      outbox.put(one);
      post(one);
    }
  }

  function act(frame: VisitorFrame) {
    if (isWelcome && line.send(frame)) return;
    if (waitingActs.length < WAITING_ACTS_MAX) waitingActs.push(frame);
    line.wake();
  }

  function become(key: string | null, isAnother: boolean) {
    const outgoing = isAnother ? [] : visit.outgoing;
    if (isAnother) {
      outbox.all().forEach((one) => outbox.remove(one.client_id));
      waitingActs.length = 0;
    }
    isWelcome = false;
    apply({ is: 'left' });
    visit = { ...visit, key, outgoing };
    line.restart();
  }

  function onStorage(event: StorageEvent) {
    if (event.key === keyName && event.newValue !== visit.key) {
      // Another tab became known first: become the same visitor. Or it has forgotten whoever was here.
      become(event.newValue, event.newValue === null);
      return;
    }
    const clientId = outbox.idOf(event.key);
    if (clientId === null) return;
    // Another tab said something, or took it back, or has seen it stored.
    if (event.newValue === null) apply({ is: 'dropped', client_id: clientId });
    else apply({ is: 'loaded', outgoing: outbox.all() });
  }
  if (typeof window !== 'undefined') window.addEventListener('storage', onStorage);
  apply({ is: 'loaded', outgoing: outbox.all() });

  return {
    visit: () => visit,
    subscribe(fn) {
      listeners.add(fn);
      return () => listeners.delete(fn);
    },
    send: (text, attachments) => enqueue('send', text, attachments),
    askPerson() {
      if (!visit.outgoing.some((one) => one.kind === 'ask_person' && !one.problem)) enqueue('ask_person', '', []);
    },
    act,
    typing() {
      const now = performance.now();
      if (isWelcome && now - typingSentAt > TYPING_SENT_EVERY_MS && line.send({ do: 'typing' })) typingSentAt = now;
    },
    seen(seq) {
      if (isWelcome && seq > seenSeq && line.send({ do: 'seen', seq })) seenSeq = seq;
    },
    retry,
    takeBack(clientId) {
      const one = visit.outgoing.find((out) => out.client_id === clientId) ?? null;
      outbox.remove(clientId);
      apply({ is: 'dropped', client_id: clientId });
      return one;
    },
    rate: (solved, score, comment) => act({ do: 'rate', solved, score, comment }),
    upload: (file) => upload(new URL(`/api/v1/chat/${encodeURIComponent(inbox)}/files`, base).href, visit.key, file),
    fileUrl: (id) =>
      new URL(`/api/v1/files/${encodeURIComponent(id)}?key=${encodeURIComponent(visit.key ?? '')}`, base).href,
    dismiss: () => apply({ is: 'problem', problem: null }),
    become,
    close() {
      if (typeof window !== 'undefined') window.removeEventListener('storage', onStorage);
      line.close();
    },
  };
}

async function upload(url: string, key: string | null, file: File): Promise<Attachment> {
  const body = new FormData();
  body.append('file', file, file.name);
  const response = await fetch(url, { method: 'POST', body, headers: { 'x-visitor-key': key ?? '' } });
  const answer: unknown = await response.json().catch(() => null);
  if (response.ok && answer) return answer as Attachment;
  throw new Refusal((answer as Problem | null) ?? bareProblem(response.status));
}

/** A problem for an answer that carried none. */
export function bareProblem(status: number): Problem {
  return { type: 'about:blank', title: 'Not accepted', status, code: 'no-answer' };
}

/** Unique enough to recognise a resend; randomUUID is missing on plain http. */
export function newClientId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return 'c-' + Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
