import type { Entry, ServerFrame, State } from '@bothands/protocol';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { mount } from '../src/panel.tsx';
import { fetchLater } from '../src/fetching.ts';
import { FakeSocket, lastSocket, message, state, welcome } from '../../protocol/tests/people.ts';

let root: ShadowRoot;
let close: () => void;

beforeEach(async () => {
  await fetchLater();
  localStorage.clear();
  sessionStorage.clear();
  FakeSocket.all = [];
  vi.useFakeTimers();
  vi.stubGlobal('WebSocket', FakeSocket);
  const host = document.createElement('bothands-chat');
  document.body.replaceChildren(host);
  root = host.attachShadow({ mode: 'open' });
  const room = document.createElement('div');
  root.append(room);
  const onClosed = vi.fn();
  const panel = await mount(root, room, { inbox: 'shop', base: 'http://127.0.0.1:9', language: 'en', mode: 'widget', onClosed });
  panel.open();
  close = () => panel.close();
  lastSocket().open();
});
afterEach(() => {
  close();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const say = async (...frames: ServerFrame[]) => {
  frames.forEach((frame) => lastSocket().say(frame));
  await vi.advanceTimersByTimeAsync(50);
};
const entries = (...list: Entry[]): ServerFrame => ({ is: 'entries', entries: list, seq: list.at(-1)!.seq });
const find = <T extends HTMLElement>(what: string) => root.querySelector<T>(what)!;
const press = (name: string) => [...root.querySelectorAll('button')].find((button) => button.textContent === name || button.getAttribute('aria-label') === name)!.click();
const waiting = (place: number): State => ({
  ...state(),
  holder: { kind: 'queue', name: '', initials: '' },
  queue: { place, asked_at: '2026-11-21T10:00:00Z', wait: { low_minutes: 3, high_minutes: 6 }, waited_seconds: 10, questions: [], contact_left: false },
});

/** What a screen reader would be given: elements added straight into the log. */
function listen(): string[] {
  const heard: string[] = [];
  const log = find('[role=log]');
  new MutationObserver((changes) => changes.forEach((change) => change.addedNodes.forEach((node) => heard.push(node.textContent ?? '')))).observe(log, { childList: true, subtree: true });
  return heard;
}

test('what was said before is not news: it is there when the log appears', async () => {
  await say(welcome(), entries(message(1, 'contact'), message(2)));
  expect(find('[role=log]').getAttribute('aria-live')).toBe('polite');
  expect(root.querySelectorAll('[role=log] .m')).toHaveLength(2);
});

test('a message is announced once, from the press of Send to its place in the timeline', async () => {
  await say(welcome(), entries(message(1)));
  const heard = listen();
  const field = find<HTMLTextAreaElement>('textarea');
  field.value = 'Do you deliver?';
  field.dispatchEvent(new Event('input', { bubbles: true }));
  await vi.advanceTimersByTimeAsync(50);
  press('Send');
  await vi.advanceTimersByTimeAsync(50);
  const [sent] = lastSocket().did('send') as { client_id: string }[];
  await say({ is: 'stored', client_id: sent!.client_id, seq: 2 });
  await say(entries({ ...message(2, 'contact', sent!.client_id), body: 'Do you deliver?' }));
  await say(entries(message(3)));
  expect(heard).toHaveLength(2);
  expect(heard[0]).toBe('You: Do you deliver?');
  expect(field.value).toBe('');
});

test('the queue is said at most once a minute, however often it moves', async () => {
  await say(welcome(), entries(message(1)), { is: 'state', state: waiting(5) });
  await vi.advanceTimersByTimeAsync(400);
  const spoken = () => [...root.querySelectorAll('.wait [role=status].vh')].map((one) => one.textContent).join();
  expect(spoken()).toContain('5th in line');
  for (const place of [4, 3, 2]) await say({ is: 'state', state: waiting(place) });
  await vi.advanceTimersByTimeAsync(30_000);
  expect(spoken()).toContain('5th in line');
  expect(find('.big').textContent).toBe('2nd in line');
  await vi.advanceTimersByTimeAsync(30_000);
  expect(spoken()).toContain('2nd in line');
});

test('a person is one press away until one has joined, and by name after that', async () => {
  await say(welcome(), entries(message(1)));
  expect(find('[data-area=strip]').textContent).toContain('Talk to a person');
  find<HTMLButtonElement>('[data-area=strip]').click();
  expect(lastSocket().did('ask_person')).toHaveLength(1);
  await say({ is: 'state', state: { ...state(), holder: { kind: 'agent', name: 'Bo Lind', initials: 'BL' } } });
  expect(find('h2').textContent).toBe('Bo Lind');
  expect(find('[data-area=strip]').textContent).toBe('Bo has read this conversation. You won’t need to repeat it.');
});

test('the choices of an answer are of use until something else is said', async () => {
  await say(welcome(), entries({ ...message(1), ref: { choices: ['Single', 'Double'] } } as Entry));
  press('Single');
  await vi.advanceTimersByTimeAsync(50);
  expect(lastSocket().did('send')).toMatchObject([{ text: 'Single' }]);
  expect([...root.querySelectorAll('button')].some((button) => button.textContent === 'Double')).toBe(false);
});

test('a refused message says why and comes back into the field to be changed', async () => {
  await say(welcome(), entries(message(1)));
  const field = find<HTMLTextAreaElement>('textarea');
  field.value = 'My card is 4111';
  field.dispatchEvent(new Event('input', { bubbles: true }));
  await vi.advanceTimersByTimeAsync(50);
  press('Send');
  const [sent] = lastSocket().did('send') as { client_id: string }[];
  const error = { type: '/errors/x', title: 'No', status: 400, code: 'x', thing: 'your message', cause: 'it holds a card number.', cure: 'remove the number' };
  await say({ is: 'refused', client_id: sent!.client_id, error });
  expect(find('[role=alert]').textContent).toContain('Your message: it holds a card number. Remove the number.');
  press('Edit');
  await vi.advanceTimersByTimeAsync(50);
  expect(field.value).toBe('My card is 4111');
  expect(root.querySelector('.me')).toBeNull();
});

test('text that looks like HTML stays text, and a link that is no page is none', async () => {
  const source = { number: 1, title: 'Prices', url: 'javascript:alert(1)', kind: 'article' as const };
  await say(welcome(), entries({ ...message(1), body: '<img src=x onerror=alert(1)> [1]', ref: { sources: [source] } } as Entry));
  expect(root.querySelector('img')).toBeNull();
  expect(root.querySelector('a')).toBeNull();
  expect(find('[role=log]').textContent).toContain('<img src=x onerror=alert(1)>');
});

test('Escape closes, and what was begun is still there when opened again', async () => {
  await say(welcome(), entries(message(1)));
  const field = find<HTMLTextAreaElement>('textarea');
  field.value = 'Half a thou';
  field.dispatchEvent(new Event('input', { bubbles: true }));
  await vi.advanceTimersByTimeAsync(50);
  field.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true }));
  await vi.advanceTimersByTimeAsync(50);
  expect(root.querySelector('textarea')).toBeNull();
  expect(sessionStorage.getItem('bothands:shop:draft')).toBe('Half a thou');
});
