import type { DeskView, Row } from '@bothands/protocol';

export type GroupName = 'pinned' | 'needs' | 'mine' | 'ai' | 'others' | 'closed';

export interface Group {
  name: GroupName;
  title: string;
  hint: string;
  rows: Row[];
}

const TITLES: Record<GroupName, [title: string, hint: string]> = {
  pinned: ['Pinned', 'your own chat'],
  needs: ['Needs you now', 'longest wait first'],
  mine: ['Yours, waiting for the customer', ''],
  ai: ['Handled by AI, you can step in', ''],
  others: ['With colleagues', ''],
  closed: ['Closed', 'newest first'],
};

const ORDER: GroupName[] = ['pinned', 'needs', 'mine', 'ai', 'others', 'closed'];

/** Somebody waits for this agent: said by the server, or shown by a wait that runs. */
export const isReplyDue = (row: Row) => row.needs_reply || row.waiting_since !== null;

export function groupOf(row: Row, meId: string, pinnedId: string | null): GroupName {
  if (row.id === pinnedId) return 'pinned';
  if (row.closed_at) return 'closed';
  if (row.holder.kind === 'queue') return 'needs';
  if (row.holder.kind === 'assistant') return 'ai';
  if (isOffered(row, meId)) return 'needs';
  if (row.holder.id !== meId) return 'others';
  return isReplyDue(row) ? 'needs' : 'mine';
}

/** A colleague offers it to this agent. */
export const isOffered = (row: Row, meId: string) => Boolean(row.assigned?.lapses_at && row.assigned.is_yours && row.holder.id !== meId);

const DANGER = ['risk_self_harm', 'risk_safety'];

/** As the server orders the queue: danger, then what is meant for oneself, one's team, anybody, others. */
export function nearOf({ reason, assigned, holder }: Row): number {
  if (holder.kind === 'queue' && DANGER.includes(reason?.code ?? '')) return 0;
  if (!assigned) return 3;
  return assigned.is_yours ? (assigned.kind === 'agent' ? 1 : 2) : 4;
}

/** Oldest wait first where somebody waits; otherwise newest first by a moment that never changes, so rows keep their place. */
function before(name: GroupName, one: Row, other: Row): number {
  if (name === 'needs') return nearOf(one) - nearOf(other) || (one.waiting_since ?? one.opened_at).localeCompare(other.waiting_since ?? other.opened_at);
  if (name === 'closed') return (other.closed_at ?? '').localeCompare(one.closed_at ?? '');
  return other.opened_at.localeCompare(one.opened_at);
}

export function groupsOf(rows: readonly Row[], meId: string, pinnedId: string | null = null): Group[] {
  const byName = new Map<GroupName, Row[]>();
  for (const row of rows) {
    const name = groupOf(row, meId, pinnedId);
    byName.set(name, [...(byName.get(name) ?? []), row]);
  }
  return ORDER.filter((name) => byName.has(name)).map((name) => ({
    name,
    title: TITLES[name][0],
    hint: TITLES[name][1],
    rows: byName.get(name)!.sort((one, other) => before(name, one, other) || one.id.localeCompare(other.id)),
  }));
}

export type GroupTotals = Partial<Record<GroupName, number>>;

export type Line = { kind: 'group'; group: Group } | { kind: 'row'; row: Row; group: GroupName };

export function linesOf(groups: readonly Group[]): Line[] {
  return groups.flatMap((group) => [
    { kind: 'group' as const, group },
    ...group.rows.map((row) => ({ kind: 'row' as const, row, group: group.name })),
  ]);
}

export const VIEWS: { view: DeskView; title: string }[] = [
  { view: 'yours', title: 'Yours' },
  { view: 'handoffs', title: 'Handoffs' },
  { view: 'ai', title: 'AI' },
  { view: 'open', title: 'All open' },
  { view: 'closed', title: 'Closed' },
];
