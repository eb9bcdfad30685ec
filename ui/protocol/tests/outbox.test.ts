import { expect, test } from 'vitest';
import { openOutbox, openShelf, OUTBOX_MESSAGES_MAX, type Outgoing } from '../src/index.ts';

const forbidden = () => {
  throw new Error('storage is forbidden');
};
const said = (client_id: string, at = '2026-11-21T10:00:00Z'): Outgoing => ({ client_id, kind: 'send', text: client_id, attachments: [], at, seq: null, problem: null });

test('two tabs add and remove without undoing each other', () => {
  const shelf = openShelf(forbidden);
  const [one, two] = [openOutbox(shelf, 'shop'), openOutbox(shelf, 'shop')];
  one.put(said('c-1', '2026-11-21T10:00:02Z'));
  two.put(said('c-2', '2026-11-21T10:00:01Z'));
  two.remove('c-1');
  expect(one.all().map((out) => out.client_id)).toEqual(['c-2']);
});

test('inboxes do not mix, and foreign or broken values are passed over', () => {
  const shelf = openShelf(forbidden);
  const outbox = openOutbox(shelf, 'shop');
  openOutbox(shelf, 'other').put(said('c-1'));
  shelf.setItem('bothands:shop:out:c-9', '{broken');
  shelf.setItem('bothands:shop:out:c-8', '{"client_id":"c-7","text":"not its key"}');
  expect(outbox.all()).toEqual([]);
  expect(outbox.idOf('bothands:shop:out:c-1')).toBe('c-1');
  expect(outbox.idOf('bothands:shop:key')).toBeNull();
});

test('a full outbox says so', () => {
  const outbox = openOutbox(openShelf(forbidden), 'shop');
  for (let i = 0; i < OUTBOX_MESSAGES_MAX; i += 1) expect(outbox.put(said(`c-${i}`))).toBe(true);
  expect(outbox.put(said('c-over'))).toBe(false);
});
