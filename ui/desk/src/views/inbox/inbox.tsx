import type { Row, RowPage } from '@bothands/protocol';
import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useDesk } from '../../app/desk.tsx';
import { announce } from '../../app/handles.ts';
import { conversationQuery, rowsQuery } from '../../data/queries.ts';
import { groupsOf, isOffered, linesOf, type GroupTotals } from './grouping.ts';
import { useHeldLines } from './holding.ts';
import { useIsHolding } from './is-holding.ts';
import { RowList } from './row-list.tsx';
import { ViewTabs } from './view-tabs.tsx';

export function Inbox() {
  const { me, place, isReduced, ownId } = useDesk();
  const client = useQueryClient();
  const query = useInfiniteQuery(rowsQuery(place.view));
  const [released, setReleased] = useState(0);
  const { isHolding, over } = useIsHolding();

  const own = useQuery({ ...conversationQuery(ownId ?? ''), enabled: ownId !== null }).data?.row;

  const rows = useMemo(() => withOwn(query.data?.pages.flatMap((page) => page.rows) ?? [], own), [query.data, own]);
  const lines = useMemo(() => linesOf(groupsOf(rows, me.id, ownId)), [rows, me.id, ownId]);
  const held = useHeldLines(lines, isHolding, `${place.view}:${ownId}`, released);
  useArrivals(rows.filter((row) => row.holder.kind === 'queue').map((row) => row.id));
  useOffers(rows.filter((row) => isOffered(row, me.id)));

  const more = query.hasNextPage && !query.isFetchingNextPage ? query.fetchNextPage : null;
  const onEnd = useCallback(() => void more?.(), [more]);
  useEffect(() => () => void client.cancelQueries({ queryKey: ['rows', place.view] }), [client, place.view]);

  return (
    <section className="inbox" aria-label="Inbox" {...over}>
      {!isReduced && (
        <header>
          <h2>Inbox</h2>
        </header>
      )}
      {!isReduced && <ViewTabs counts={query.data?.pages[0]?.counts} />}
      {held.updates > 0 && (
        <div className="held">
          <button type="button" className="btn small" onClick={() => setReleased(released + 1)}>
            {held.updates === 1 ? '1 update' : `${held.updates} updates`}
          </button>
        </div>
      )}
      {query.isError && (
        <div className="empty" role="alert">
          <strong>The inbox could not be read</strong>
          <p>{query.error.message}</p>
          <button type="button" className="btn" onClick={() => void query.refetch()}>
            Try again
          </button>
        </div>
      )}
      {query.isSuccess && rows.length === 0 ? (
        <EmptyInbox view={place.view} />
      ) : (
        <RowList lines={held.lines} total={totalOf(query.data?.pages[0]?.counts)} onEnd={onEnd} />
      )}
    </section>
  );
}

/** One's own chat is always in the list, wherever it stands in the server's order. */
const withOwn = (rows: Row[], own: Row | undefined): Row[] => (own && !rows.some((row) => row.id === own.id) ? [own, ...rows] : rows);

/** A group is longer than what is loaded of it: its true size comes with the answer. */
const totalOf = (counts: RowPage['counts'] | undefined): GroupTotals => ({ ai: counts?.ai });

const NOTHING: Record<string, [string, string]> = {
  yours: ['Nothing is yours right now', 'Take over a handoff and it stands here.'],
  handoffs: ['Nobody waits for a person', 'Handoffs appear here the moment they are made.'],
  ai: ['The AI has no conversation', 'When it answers somebody you can watch and step in here.'],
  open: ['No open conversation', 'New ones appear here by themselves.'],
  closed: ['Nothing closed yet', 'Closed conversations stay readable here.'],
};

function EmptyInbox({ view }: { view: string }) {
  const [title, hint] = NOTHING[view] ?? ['Nothing here', ''];
  return (
    <div className="empty">
      <strong>{title}</strong>
      <p>{hint}</p>
    </div>
  );
}

/** Says once, politely, that somebody new waits for a person. */
function useArrivals(waiting: string[]): void {
  const [known, setKnown] = useState<Set<string> | null>(null);
  const joined = waiting.join(' ');
  useEffect(() => {
    const now = new Set(joined.split(' ').filter(Boolean));
    const fresh = known ? [...now].filter((id) => !known.has(id)).length : 0;
    if (fresh > 0) announce(fresh === 1 ? 'A customer waits for a person.' : `${fresh} customers wait for a person.`);
    setKnown((before) => new Set([...(before ?? []), ...now]));
    // `known` only grows: an arrival is announced once.
  }, [joined]);
}

/** Says once who offers a conversation. */
function useOffers(offered: Row[]): void {
  const said = useRef(new Set<string>());
  useEffect(() => {
    for (const { id, assigned } of offered) {
      const name = `${id} ${assigned!.lapses_at}`;
      if (!said.current.has(name)) announce(`${assigned!.by_name} offers you a conversation.`);
      said.current.add(name);
    }
  }, [offered]);
}
