import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { openChat, openShelf, type Shelf } from '../src/index.ts';
import { FakeSocket, lastSocket, makeSocket, message, problem, welcome } from './people.ts';

let shelf: Shelf;
beforeEach(() => {
  vi.useFakeTimers();
  FakeSocket.all = [];
  shelf = openShelf(() => {
    throw new Error('storage is forbidden');
  });
});
afterEach(() => vi.useRealTimers());

const open = () => openChat({ inbox: 'shop', base: 'https://help.example', shelf, language: 'en', page: 'https://shop.example/', makeSocket });
function arrive(conversation: string | null = 'conv_1') {
  lastSocket().open();
  lastSocket().say(welcome(conversation));
}

test('the socket goes to the server of the script, with hello first', () => {
  open();
  expect(lastSocket().url).toBe('wss://help.example/ws/chat/shop');
  lastSocket().open();
  expect(lastSocket().sent[0]).toMatchObject({ do: 'hello', key: null, since: 0, language: 'en' });
});

test('the key is kept, so that a reload is the same visitor', () => {
  open();
  arrive();
  const again = open();
  lastSocket().open();
  expect(again.visit().key).toBe('vk_1');
  expect(lastSocket().sent[0]).toMatchObject({ key: 'vk_1' });
});

test('what is said while offline is sent once the line is back, after the welcome', () => {
  const chat = open();
  chat.send('Are you there?', []);
  lastSocket().open();
  expect(lastSocket().did('send')).toHaveLength(0);
  lastSocket().say(welcome());
  expect(lastSocket().did('send')).toMatchObject([{ text: 'Are you there?' }]);
});

test('what was not stored is sent again with the same id; what was stored is not', () => {
  const chat = open();
  arrive();
  chat.send('One', []);
  chat.send('Two', []);
  const [one, two] = lastSocket().did('send') as { client_id: string }[];
  lastSocket().say({ is: 'stored', client_id: one!.client_id, seq: 1 });
  lastSocket().drop();
  vi.advanceTimersByTime(60_000);
  arrive();
  expect(lastSocket().did('send')).toMatchObject([{ client_id: two!.client_id, text: 'Two' }]);
});

test('a reload sends what an earlier page could not, and forgets it when stored', () => {
  open().send('Left behind', []);
  const later = open();
  arrive();
  const [sent] = lastSocket().did('send') as { client_id: string }[];
  lastSocket().say({ is: 'entries', entries: [message(3, 'contact', sent!.client_id)], seq: 3 });
  lastSocket().say({ is: 'stored', client_id: sent!.client_id, seq: 3 });
  expect(later.visit().outgoing).toEqual([]);
  expect(open().visit().outgoing).toEqual([]);
});

test('a reconnect resumes from the last seq', () => {
  open();
  arrive();
  lastSocket().say({ is: 'entries', entries: [message(1), message(2)], seq: 2 });
  lastSocket().drop();
  vi.advanceTimersByTime(60_000);
  lastSocket().open();
  expect(lastSocket().did('hello')[0]).toMatchObject({ since: 2, key: 'vk_1' });
});

test('another conversation than the resumed one is read from its start', () => {
  open();
  arrive('conv_1');
  lastSocket().say({ is: 'entries', entries: [message(1)], seq: 1 });
  lastSocket().drop();
  vi.advanceTimersByTime(60_000);
  arrive('conv_2');
  expect(lastSocket().did('catch_up')).toEqual([{ do: 'catch_up', since: 0 }]);
});

test('an overloaded server is asked again by itself, a wrong message waits for its author', () => {
  const chat = open();
  arrive();
  chat.send('Busy', []);
  const [busy] = lastSocket().did('send') as { client_id: string }[];
  lastSocket().say({ is: 'refused', client_id: busy!.client_id, error: { ...problem(503), retry_after_seconds: 2 } });
  vi.advanceTimersByTime(2_500);
  expect(lastSocket().did('send')).toHaveLength(2);
  lastSocket().say({ is: 'refused', client_id: busy!.client_id, error: problem(400) });
  vi.advanceTimersByTime(20_000);
  expect(lastSocket().did('send')).toHaveLength(2);
  expect(chat.takeBack(busy!.client_id)?.text).toBe('Busy');
  expect(chat.visit().outgoing).toEqual([]);
});

test('a person is asked for once, however often the button is pressed', () => {
  const chat = open();
  arrive();
  chat.askPerson();
  chat.askPerson();
  expect(lastSocket().did('ask_person')).toHaveLength(1);
});

test('acts without an id wait for the line', () => {
  const chat = open();
  chat.rate('yes', 5, '');
  arrive();
  expect(lastSocket().did('rate')).toEqual([{ do: 'rate', solved: 'yes', score: 5, comment: '' }]);
});

test('typing is told at most every three seconds and forgotten after six', () => {
  const chat = open();
  arrive();
  chat.typing();
  chat.typing();
  expect(lastSocket().did('typing')).toHaveLength(1);
  lastSocket().say({ is: 'typing', author_kind: 'agent', author_name: 'Bo' });
  expect(chat.visit().typing).not.toBeNull();
  vi.advanceTimersByTime(6_100);
  expect(chat.visit().typing).toBeNull();
});

test('a silent line is noticed, dropped and opened anew', () => {
  const chat = open();
  arrive();
  vi.advanceTimersByTime(25_100);
  expect(lastSocket().did('ping')).toHaveLength(1);
  vi.advanceTimersByTime(10_100);
  expect(chat.visit().link).toBe('offline');
  vi.advanceTimersByTime(30_000);
  expect(FakeSocket.all.length).toBeGreaterThan(1);
});

test('what another tab takes back is gone here too', () => {
  const listeners = new Map<string, (event: unknown) => void>();
  vi.stubGlobal('window', { addEventListener: (name: string, fn: (event: unknown) => void) => listeners.set(name, fn), removeEventListener: () => {} });
  vi.stubGlobal('document', { addEventListener: () => {}, removeEventListener: () => {} });
  const chat = open();
  arrive();
  chat.send('Never mind', []);
  const [sent] = lastSocket().did('send') as { client_id: string }[];
  listeners.get('storage')!({ key: `bothands:shop:out:${sent!.client_id}`, newValue: null });
  expect(chat.visit().outgoing).toEqual([]);
  listeners.get('storage')!({ key: 'bothands:shop:key', newValue: 'vk_other' });
  lastSocket().open();
  expect(lastSocket().did('hello')[0]).toMatchObject({ key: 'vk_other', since: 0 });
  vi.unstubAllGlobals();
});

test('becoming a known customer keeps what is not yet sent, and comes in with the new key', () => {
  const chat = open();
  arrive();
  lastSocket().say({ is: 'entries', entries: [message(1, 'contact', 'Hello')], seq: 1 });
  chat.become('vk_customer', false);
  chat.send('Typed meanwhile', []);
  lastSocket().open();
  expect(lastSocket().sent[0]).toMatchObject({ do: 'hello', key: 'vk_customer', since: 0 });
  lastSocket().say({ ...welcome('conv_1'), key: 'vk_customer' });
  expect(lastSocket().did('send')).toMatchObject([{ text: 'Typed meanwhile' }]);
});

test('becoming somebody else leaves nothing to see or to send of the one before', () => {
  const chat = open();
  arrive();
  lastSocket().say({ is: 'entries', entries: [message(1, 'contact', 'My divorce')], seq: 1 });
  lastSocket().drop();
  chat.send('Never to be sent', []);
  chat.act({ do: 'reopen' });
  chat.become(null, true);
  expect(chat.visit()).toMatchObject({ key: null, entries: [], outgoing: [], conversationId: null });
  vi.advanceTimersByTime(60_000);
  lastSocket().open();
  expect(lastSocket().sent[0]).toMatchObject({ do: 'hello', key: null, since: 0 });
  lastSocket().say({ ...welcome(null), key: 'vk_fresh' });
  expect(lastSocket().did('send')).toHaveLength(0);
  expect(lastSocket().did('reopen')).toHaveLength(0);
});

test('a tab whose key is void takes the one that another tab got in its place', () => {
  const chat = open();
  arrive();
  lastSocket().drop();
  shelf.setItem('bothands:shop:key', 'vk_customer');
  vi.advanceTimersByTime(60_000);
  lastSocket().open();
  lastSocket().say({ ...welcome(null), key: 'vk_a-stranger-again' });
  lastSocket().open();
  expect(lastSocket().sent[0]).toMatchObject({ do: 'hello', key: 'vk_customer' });
  lastSocket().say({ ...welcome('conv_1'), key: 'vk_customer' });
  expect(shelf.getItem('bothands:shop:key')).toBe('vk_customer');
  expect(chat.visit().key).toBe('vk_customer');
});
