import { useRef } from 'react';
import type { Line } from './grouping.ts';

const idOf = (line: Line) => (line.kind === 'row' ? line.row.id : `group:${line.group.name}`);

/** How many rows came, went or moved between two orders. */
export function updatesBetween(shown: readonly string[], next: readonly string[]): number {
  const were = new Set(shown);
  const are = new Set(next);
  const came = next.filter((id) => !were.has(id)).length;
  const went = shown.filter((id) => !are.has(id)).length;
  const stayedBefore = shown.filter((id) => are.has(id));
  const stayedAfter = next.filter((id) => were.has(id));
  const moved = stayedBefore.some((id, index) => id !== stayedAfter[index]);
  return came + went || (moved ? 1 : 0);
}

/** Rows keep their place, with what is newly known about each; only order and membership wait. */
export function heldLines(shown: readonly Line[], next: readonly Line[]): Line[] {
  const fresh = new Map(next.map((line) => [idOf(line), line]));
  return shown.map((line) => {
    const now = fresh.get(idOf(line));
    return line.kind === 'row' && now?.kind === 'row' ? { ...line, row: now.row } : line;
  });
}

export interface Held {
  lines: Line[];
  updates: number;
}

/** While `isHolding`, nothing moves under the pointer or the typing hand; a change of `scope` (another view) always shows at once. */
export function useHeldLines(next: Line[], isHolding: boolean, scope: string, released: number): Held {
  const shown = useRef<{ lines: Line[]; scope: string; released: number } | null>(null);
  const before = shown.current;
  const rowIds = (lines: readonly Line[]) => lines.filter((line) => line.kind === 'row').map(idOf);
  const mayHold = isHolding && before?.scope === scope && before.released === released && before.lines.length > 0;
  const updates = mayHold ? updatesBetween(rowIds(before.lines), rowIds(next)) : 0;
  const lines = updates > 0 ? heldLines(before!.lines, next) : next;
  shown.current = { lines, scope, released };
  return { lines, updates };
}
