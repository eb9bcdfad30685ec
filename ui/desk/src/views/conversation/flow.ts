import type { Entry } from '@bothands/protocol';
import { isShown, isSaid } from '../../data/timeline.ts';

const UNFOLDED_ENTRIES = 12;

export interface Flow {
  hidden: number;
  entries: Entry[];
}

/** The present matter and the latest messages; what lies before is one key away. */
export function flowOf(entries: readonly Entry[], isUnfolded: boolean): Flow {
  const shown = entries.filter(isShown);
  if (isUnfolded || shown.length <= UNFOLDED_ENTRIES + 2) return { hidden: 0, entries: shown };
  const from = shown.length - UNFOLDED_ENTRIES;
  return { hidden: shown.slice(0, from).filter(isSaid).length, entries: shown.slice(from) };
}

/** Two messages of one author within a short while share one name line. */
const SAME_BREATH_MS = 120_000;

export function isContinued(before: Entry | undefined, entry: Entry): boolean {
  return (
    before !== undefined &&
    before.kind === entry.kind &&
    before.author_kind === entry.author_kind &&
    before.author_id === entry.author_id &&
    new Date(entry.at).getTime() - new Date(before.at).getTime() < SAME_BREATH_MS
  );
}
