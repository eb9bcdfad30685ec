import { QueryClient, QueryObserver } from '@tanstack/react-query';
import { expect, test, vi } from 'vitest';
import { releasedWords } from '../src/parts/released-bar.tsx';
import { Live, released } from '../src/data/live.ts';
import { keys } from '../src/data/queries.ts';

class Line {
  static last: Line;
  static readonly OPEN = 1;
  readyState = 1;
  onmessage: ((frame: { data: string }) => void) | null = null;
  constructor() {
    Line.last = this;
  }
  send() {}
  close() {}
}

test('a hint during the very first fetch has it fetched again: it may have missed the news', async () => {
  vi.stubGlobal('WebSocket', Line);
  vi.stubGlobal('location', { protocol: 'http:', host: 'desk.example' });
  const client = new QueryClient();
  const live = new Live(client);
  live.start();
  const answers: ((seq: number) => void)[] = [];
  const fetched = () => new Promise<number>((resolve) => answers.push(resolve));
  const watcher = new QueryObserver(client, { queryKey: keys.entries('conv_1'), queryFn: fetched });
  watcher.subscribe(() => {});
  Line.last.onmessage!({ data: JSON.stringify({ is: 'changed', conversation_id: 'conv_1', seq: 2 }) });
  answers[0]!(1);
  await vi.waitFor(() => expect(answers).toHaveLength(2));
  answers[1]!(2);
  await vi.waitFor(() => expect(watcher.getCurrentResult().data).toBe(2));
  live.stop();
  client.clear();
});

test('what was given back for an agent is counted until they have read it', () => {
  vi.stubGlobal('WebSocket', Line);
  vi.stubGlobal('location', { protocol: 'http:', host: 'desk.example' });
  const live = new Live(new QueryClient());
  live.start();
  for (const count of [1, 2]) Line.last.onmessage!({ data: JSON.stringify({ is: 'released', count }) });
  expect(released.get()).toBe(3);
  expect(releasedWords(3)).toMatch(/^3 conversations you had are back in the queue/);
  released.set(0);
  live.stop();
});
