import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { openLine, RETRY_FIRST_MS, RETRY_LONGEST_MS, retryDelay } from '../src/index.ts';
import { FakeSocket, lastSocket, makeSocket } from './people.ts';

beforeEach(() => {
  vi.useFakeTimers();
  FakeSocket.all = [];
});
afterEach(() => vi.useRealTimers());

test('the delay doubles, is capped, and never less than half of itself', () => {
  expect(retryDelay(0, 0)).toBe(RETRY_FIRST_MS / 2);
  expect(retryDelay(1, 1)).toBe(RETRY_FIRST_MS * 2);
  expect(retryDelay(50, 1)).toBe(RETRY_LONGEST_MS);
});

test('a line that drops at once keeps backing off', () => {
  openLine({ url: () => 'ws://x/', onFrame: () => {}, makeSocket, random: () => 1 });
  for (let i = 0; i < 3; i += 1) {
    lastSocket().open();
    lastSocket().drop();
    vi.advanceTimersByTime(RETRY_FIRST_MS * 2 ** i - 1);
    expect(FakeSocket.all).toHaveLength(i + 1);
    vi.advanceTimersByTime(2);
    expect(FakeSocket.all).toHaveLength(i + 2);
  }
});

test('a closed line stays closed', () => {
  const line = openLine({ url: () => 'ws://x/', onFrame: () => {}, makeSocket });
  line.close();
  vi.advanceTimersByTime(120_000);
  expect(FakeSocket.all).toHaveLength(1);
  expect(line.send({ do: 'ping' })).toBe(false);
});

test('noise that is no frame is passed over', () => {
  const onFrame = vi.fn();
  openLine({ url: () => 'ws://x/', onFrame, makeSocket });
  lastSocket().open();
  for (const data of ['', '{', '7', 'null', '"text"']) lastSocket().onmessage?.({ data });
  expect(onFrame).not.toHaveBeenCalled();
});
