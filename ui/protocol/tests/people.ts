/** Ada, Bo and Echo, and what they say in the tests. */
import type { AuthorKind, MessageEntry, Problem, ServerFrame, State } from '../src/index.ts';

const NAMES: Record<AuthorKind, string> = { contact: 'Ada', agent: 'Bo', assistant: 'Echo', system: 'system' };

export function message(seq: number, author: AuthorKind = 'assistant', client_id: string | null = null): MessageEntry {
  return {
    conversation_id: 'conv_1',
    seq,
    id: `ent_${seq}`,
    kind: 'message',
    author_kind: author,
    author_id: null,
    author_name: NAMES[author],
    disclosure: null,
    body: `Message ${seq}`,
    ref: {},
    at: '2026-11-21T10:00:00Z',
    client_id,
  };
}

export const state = (): State => ({
  holder: { kind: 'assistant', name: 'Echo', initials: 'AI' },
  closed: null,
  rated: false,
  people: { on_duty: true, open_until: '20:00', next_open_at: null, wait: { low_minutes: 3, high_minutes: 6 } },
  queue: null,
});

export const welcome = (conversation_id: string | null = 'conv_1'): Extract<ServerFrame, { is: 'welcome' }> => ({
  is: 'welcome',
  key: 'vk_1',
  conversation_id,
  company: 'Alder & Loft',
  assistant: { name: 'Echo', disclosure: 'Not a person. Can be wrong.' },
  state: state(),
});

export const problem = (status = 400): Problem => ({
  type: '/errors/too-long',
  title: 'Too long',
  status,
  code: 'too-long',
  thing: 'Your message',
  cause: 'it is too long',
  cure: 'Shorten it',
});

/** A socket whose other end is the test. */
export class FakeSocket {
  static all: FakeSocket[] = [];
  readyState = 0;
  sent: Record<string, unknown>[] = [];
  onopen: (() => void) | null = null;
  onclose: (() => void) | null = null;
  onerror: (() => void) | null = null;
  onmessage: ((message: { data: string }) => void) | null = null;
  readonly url: string;
  constructor(url: string) {
    this.url = url;
    FakeSocket.all.push(this);
  }
  send(text: string) {
    this.sent.push(JSON.parse(text) as Record<string, unknown>);
  }
  close() {
    this.readyState = 3;
  }
  open() {
    this.readyState = 1;
    this.onopen?.();
  }
  drop() {
    this.readyState = 3;
    this.onclose?.();
  }
  say(frame: ServerFrame) {
    this.onmessage?.({ data: JSON.stringify(frame) });
  }
  did(what: string) {
    return this.sent.filter((frame) => frame.do === what);
  }
}

export const makeSocket = (url: string) => new FakeSocket(url) as unknown as WebSocket;
export const lastSocket = () => FakeSocket.all.at(-1)!;
