import type { Attachment, Entry } from '@bothands/protocol';

export interface Timeline {
  entries: Entry[];
  seq: number;
}

/** Adds what is new, by seq; the same entry twice is one entry. */
export function mergeEntries(held: Timeline, entries: readonly Entry[], seq: number): Timeline {
  if (entries.length === 0) return seq > held.seq ? { ...held, seq } : held;
  const bySeq = new Map(held.entries.map((entry) => [entry.seq, entry]));
  for (const entry of entries) bySeq.set(entry.seq, entry);
  const all = [...bySeq.values()].sort((one, other) => one.seq - other.seq);
  return { entries: all, seq: Math.max(held.seq, seq, all.at(-1)?.seq ?? 0) };
}

export type SendState = 'sending' | 'failed' | 'collision';

/** What was written here and is not yet confirmed as stored. */
export interface Pending {
  client_id: string;
  kind: 'message' | 'note';
  text: string;
  files?: readonly Attachment[];
  at: string;
  state: SendState;
  problem?: string;
}

/** A pending text disappears the moment its stored entry is there, so it is never shown twice. */
export function stillPending(pending: readonly Pending[], entries: readonly Entry[]): Pending[] {
  const stored = new Set(entries.map((entry) => entry.client_id));
  return pending.filter((one) => !stored.has(one.client_id));
}

export const isSaid = (entry: Entry) => entry.kind === 'message' || entry.kind === 'note';

/** Entries which the desk shows in the flow; readings and decisions stand in the "why" panel. */
export const isShown = (entry: Entry) => entry.kind !== 'reading' && entry.kind !== 'decision';

/** The last that somebody did here; what the assistant thought about it is no news. */
export function lastShownSeq(entries: readonly Entry[]): number {
  return entries.findLast(isShown)?.seq ?? 0;
}

/** Whoever takes over has the brief of all that was said until then: it holds nobody back from replying. */
export function takenOverSeq(entries: readonly Entry[], meId: string): number {
  return entries.findLast((entry) => entry.kind === 'transfer' && entry.ref.to.kind === 'agent' && entry.ref.to.id === meId)?.seq ?? 0;
}

/** What others did after `seq`. */
export function newSince(entries: readonly Entry[], seq: number, meId: string): Entry[] {
  return entries.filter((entry) => entry.seq > seq && isShown(entry) && entry.author_id !== meId);
}
