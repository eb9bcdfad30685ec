import type { DeskFrame, DeskHint, Viewer } from '@bothands/protocol';
import type { QueryClient } from '@tanstack/react-query';
import { cell } from './cell.ts';
import { keys } from './queries.ts';

const WAIT_MS_FIRST = 500;
const WAIT_MS_MAX = 15_000;
const PING_SECONDS = 25;
const LISTS_EVERY_MS = 500;
const TYPING_SECONDS = 6;

/** How many conversations were given back for the agent, who may not see their inbox any more. */
export const released = cell(0);

export type Link = 'connecting' | 'connected' | 'lost';

export const link = cell<Link>('connecting');
export const typing = cell<Readonly<Record<string, { name: string; until: number }>>>({});
export const viewing = cell<Readonly<Record<string, Viewer[]>>>({});

/** Hints from the server become refetches; nothing that is shown comes from a hint itself. */
export class Live {
  private socket: WebSocket | null = null;
  private wait = WAIT_MS_FIRST;
  private ended = false;
  private pinging: ReturnType<typeof setInterval> | undefined;
  private listsDue: ReturnType<typeof setTimeout> | undefined;
  private listsStale = false;
  private viewed: string | null = null;
  private readonly client: QueryClient;

  constructor(client: QueryClient) {
    this.client = client;
  }

  start(): void {
    this.ended = false;
    this.connect();
  }

  stop(): void {
    this.ended = true;
    clearInterval(this.pinging);
    clearTimeout(this.listsDue);
    this.socket?.close();
  }

  view(conversationId: string | null): void {
    this.viewed = conversationId;
    this.say({ do: 'viewing', conversation_id: conversationId });
  }

  type(conversationId: string, isNote: boolean): void {
    this.say({ do: 'typing', conversation_id: conversationId, is_note: isNote });
  }

  private say(frame: DeskFrame): void {
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(frame));
  }

  private connect(): void {
    const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
    const socket = new WebSocket(`${scheme}://${location.host}/ws/desk`);
    this.socket = socket;
    socket.onopen = () => this.opened();
    socket.onmessage = (frame) => this.heard(JSON.parse(String(frame.data)) as DeskHint);
    socket.onclose = () => this.closed();
  }

  private opened(): void {
    const again = link.get() === 'lost';
    this.wait = WAIT_MS_FIRST;
    link.set('connected');
    clearInterval(this.pinging);
    this.pinging = setInterval(() => this.say({ do: 'ping' }), PING_SECONDS * 1000);
    if (this.viewed) this.view(this.viewed);
    // Hints may have been missed while away.
    if (again) void this.client.invalidateQueries();
  }

  private closed(): void {
    clearInterval(this.pinging);
    if (this.ended) return;
    link.set('lost');
    // Perhaps the sign-in has ended: asking for oneself tells, and leads to signing in again.
    this.again(keys.me);
    setTimeout(() => !this.ended && this.connect(), this.wait * (0.75 + Math.random() / 2));
    this.wait = Math.min(this.wait * 2, WAIT_MS_MAX);
  }

  private heard(hint: DeskHint): void {
    if (hint.is === 'changed') this.changed(hint.conversation_id);
    else if (hint.is === 'stops') this.again(keys.stops, keys.charter, ['conversation']);
    else if (hint.is === 'knowledge') this.again(keys.knowledge);
    else if (hint.is === 'mentions') this.again(keys.mentions);
    else if (hint.is === 'released') released.set((now) => now + hint.count);
    else if (hint.is === 'missed') void this.client.invalidateQueries();
    else if (hint.is === 'viewing') viewing.set((now) => ({ ...now, [hint.conversation_id]: hint.people }));
    else if (hint.is === 'typing' && hint.author_kind !== 'agent') this.heardTyping(hint.conversation_id, hint.author_name);
  }

  private heardTyping(id: string, name: string): void {
    const until = Date.now() + TYPING_SECONDS * 1000;
    typing.set((now) => ({ ...now, [id]: { name, until } }));
    setTimeout(() => {
      if (typing.get()[id]?.until === until) typing.set(({ [id]: _, ...rest }) => rest);
    }, TYPING_SECONDS * 1000);
  }

  private changed(id: string): void {
    // What was being typed has most likely arrived.
    typing.set(({ [id]: _, ...rest }) => rest);
    this.again(keys.entries(id), keys.conversation(id), keys.suggestion(id), keys.decisions(id));
    this.listsChanged();
  }

  /** A busy company sends many hints a second: the lists are asked once per half second, never twice at once. */
  private listsChanged(): void {
    if (this.listsDue !== undefined) {
      this.listsStale = true;
      return;
    }
    this.listsDue = setTimeout(() => {
      this.listsStale = false;
      const done = this.client.invalidateQueries({ queryKey: keys.rows }, { cancelRefetch: false });
      void done.finally(() => {
        this.listsDue = undefined;
        if (this.listsStale && !this.ended) this.listsChanged();
      });
    }, LISTS_EVERY_MS);
  }

  private again(...which: (readonly unknown[])[]): void {
    for (const queryKey of which) {
      // A first fetch under way is not begun anew by this, though it may have missed what the hint is about.
      const first = this.client.getQueryCache().findAll({ queryKey, predicate: ({ state }) => state.fetchStatus === 'fetching' && state.data === undefined });
      for (const query of first) void query.promise?.catch(() => undefined).then(() => this.client.invalidateQueries({ queryKey: query.queryKey, exact: true }));
      void this.client.invalidateQueries({ queryKey });
    }
  }
}
