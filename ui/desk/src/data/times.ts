/** One formatter of each kind: building one per row costs seconds in a busy list. */
const CLOCK = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
const DAY = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' });
const FULL = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });

const DAY_MS = 86_400_000;

export const clockOf = (at: string) => CLOCK.format(new Date(at));
export const dayOf = (at: string) => DAY.format(new Date(at));
export const fullOf = (at: string) => FULL.format(new Date(at));

export function whenOf(at: string, now: number): string {
  return now - new Date(at).getTime() < DAY_MS ? clockOf(at) : dayOf(at);
}

/** 0:42, 12:05, 3 h 20, 2 d: short enough for a row, never wrong by a unit. */
export function waitedOf(since: string, now: number): string {
  const seconds = Math.max(0, Math.floor((now - new Date(since).getTime()) / 1000));
  if (seconds < 3600) return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h ${String(Math.floor((seconds % 3600) / 60)).padStart(2, '0')}`;
  return `${Math.floor(seconds / 86_400)} d`;
}

export const WAIT_WARN_SECONDS = 120;
export const WAIT_BAD_SECONDS = 300;

export function urgencyOf(since: string, now: number): '' | 'warn' | 'bad' {
  const seconds = (now - new Date(since).getTime()) / 1000;
  if (seconds >= WAIT_BAD_SECONDS) return 'bad';
  return seconds >= WAIT_WARN_SECONDS ? 'warn' : '';
}
