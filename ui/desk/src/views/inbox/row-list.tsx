import { useQueryClient } from '@tanstack/react-query';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useCallback, useEffect, useRef, useState, type KeyboardEvent } from 'react';
import { useDesk } from '../../app/desk.tsx';
import { listHandle } from '../../app/handles.ts';
import { conversationQuery, decisionsQuery, entriesQuery } from '../../data/queries.ts';
import { Icon } from '../../parts/icon.tsx';
import type { Group, GroupTotals, Line } from './grouping.ts';
import { RowLink } from './row-link.tsx';

const ROW_PX = 76;
const GROUP_PX = 30;
const FRESH_MS = 15_000;

interface RowListProps {
  lines: Line[];
  total: GroupTotals;
  onEnd: () => void;
}

export function RowList({ lines, total, onEnd }: RowListProps) {
  const { me, place, isReduced } = useDesk();
  const client = useQueryClient();
  const box = useRef<HTMLDivElement>(null);
  const [touched, setTouched] = useState<string | null>(null);
  const virtual = useVirtualizer({
    count: lines.length,
    getScrollElement: () => box.current,
    estimateSize: (index) => (lines[index]?.kind === 'group' ? GROUP_PX : ROW_PX),
    getItemKey: (index) => keyOf(lines[index]!),
    overscan: 6,
  });

  const ids = lines.flatMap((line) => (line.kind === 'row' ? [line.row.id] : []));
  const stop = touched && ids.includes(touched) ? touched : place.conversationId && ids.includes(place.conversationId) ? place.conversationId : ids[0];

  const focusRow = (id: string | undefined) => {
    if (!id) return;
    virtual.scrollToIndex(lines.findIndex((line) => line.kind === 'row' && line.row.id === id));
    setTouched(id);
    requestAnimationFrame(() => box.current?.querySelector<HTMLElement>(`[data-row="${CSS.escape(id)}"]`)?.focus());
  };
  const move = (by: 1 | -1) => {
    const inList = box.current?.contains(document.activeElement);
    const at = ids.indexOf(stop ?? '');
    focusRow(inList || place.conversationId ? ids[Math.max(0, Math.min(ids.length - 1, at + by))] : ids[0]);
  };
  const latest = useRef(move);
  latest.current = move;
  useEffect(() => {
    const handle = { move: (by: 1 | -1) => latest.current(by) };
    listHandle.set(handle);
    return () => listHandle.set(null);
  }, []);

  const onKey = (event: KeyboardEvent) => {
    const to = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (to) move(to as 1 | -1);
    else if (event.key === 'Home') focusRow(ids[0]);
    else if (event.key === 'End') focusRow(ids.at(-1));
    else return;
    event.preventDefault();
  };

  const { open, view } = place;
  const onOpen = useCallback((id: string) => open(view, id), [open, view]);
  const onTouch = useCallback(
    (id: string) => {
      // What is about to be opened is already here when it is opened.
      void client.prefetchQuery({ ...conversationQuery(id), staleTime: FRESH_MS });
      void client.prefetchQuery({ ...entriesQuery(client, id), staleTime: FRESH_MS });
      // With them the timeline is drawn once, and nothing moves when the reasons arrive.
      void client.prefetchQuery({ ...decisionsQuery(id), staleTime: FRESH_MS });
    },
    [client],
  );

  const items = virtual.getVirtualItems();
  const lastShown = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (lines.length > 0 && lastShown >= lines.length - 3) onEnd();
  }, [lastShown, lines.length, onEnd]);

  return (
    <div
      className="rows"
      ref={box}
      onKeyDown={onKey}
      onFocus={(event) => setTouched(event.target.closest<HTMLElement>('[data-row]')?.dataset.row ?? null)}
    >
      <ul aria-label="Conversations" style={{ blockSize: virtual.getTotalSize() }}>
        {items.map((item) => {
          const line = lines[item.index]!;
          return (
            <li key={item.key} style={{ blockSize: item.size, transform: `translateY(${item.start}px)` }}>
              {line.kind === 'group' ? (
                <GroupHead group={line.group} total={total[line.group.name]} />
              ) : (
                <RowLink
                  row={line.row}
                  group={line.group}
                  href={place.hrefOf(place.view, line.row.id)}
                  isOpen={line.row.id === place.conversationId}
                  isTabStop={line.row.id === stop}
                  isMine={line.row.holder.id === me.id}
                  marksSimulated={isReduced}
                  onOpen={onOpen}
                  onTouch={onTouch}
                />
              )}
            </li>
          );
        })}
      </ul>
    </div>
  );
}

const keyOf = (line: Line) => (line.kind === 'row' ? line.row.id : `group:${line.group.name}`);

function GroupHead({ group, total }: { group: Group; total: number | undefined }) {
  return (
    <div className="group">
      <h3>
        {group.name === 'pinned' && <Icon name="pin" />}
        {group.title}
      </h3>
      <span>{group.hint || Math.max(total ?? 0, group.rows.length)}</span>
    </div>
  );
}
