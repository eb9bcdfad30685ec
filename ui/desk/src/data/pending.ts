import type { Entry } from '@bothands/protocol';
import { cell, useCell } from './cell.ts';
import { stillPending, type Pending } from './timeline.ts';

type ByConversation = Readonly<Record<string, readonly Pending[]>>;

const waiting = cell<ByConversation>({});

export const usePending = () => useCell(waiting);

export function pendingOf(all: ByConversation, id: string, entries: readonly Entry[]): Pending[] {
  return stillPending(all[id] ?? [], entries).filter((one) => one.state === 'sending');
}

export function addPending(id: string, one: Pending): void {
  waiting.set((now) => ({ ...now, [id]: [...(now[id] ?? []), one] }));
}

export function dropPending(id: string, clientId: string): void {
  waiting.set((now) => ({ ...now, [id]: (now[id] ?? []).filter((one) => one.client_id !== clientId) }));
}
