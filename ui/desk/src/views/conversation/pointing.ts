import type { Entry } from '@bothands/protocol';
import { isShown } from '../../data/timeline.ts';

const FLASH_MS = 1600;

/** A line may rest on a reading, which is not shown: it then leads to the message that was read. */
export function shownSeqs(seqs: readonly number[], entries: readonly Entry[]): number[] {
  const found = seqs.flatMap((seq) => {
    const entry = entries.find((each) => each.seq === seq);
    if (!entry) return [];
    if (isShown(entry)) return [seq];
    const read = 'message_seq' in entry.ref ? Number(entry.ref.message_seq) : Number.NaN;
    return Number.isInteger(read) ? [read] : [];
  });
  return [...new Set(found)].sort((one, other) => one - other);
}

/** Brings the first entry into view, moves focus to it, and lights all of them up once. */
export function pointAt(box: HTMLElement | null, seqs: readonly number[]): boolean {
  const targets = seqs.flatMap((seq) => [...(box?.querySelectorAll<HTMLElement>(`[data-seq="${seq}"]`) ?? [])]);
  const [target] = targets;
  if (!target || targets.length < seqs.length) return false;
  const isCalm = matchMedia('(prefers-reduced-motion: reduce)').matches;
  target.scrollIntoView({ block: 'center', behavior: isCalm ? 'auto' : 'smooth' });
  target.focus({ preventScroll: true });
  for (const each of targets) {
    each.classList.add('flash');
    setTimeout(() => each.classList.remove('flash'), FLASH_MS);
  }
  return true;
}
