import type { RowPage } from '@bothands/protocol';
import { useDesk } from '../../app/desk.tsx';
import { VIEWS } from './grouping.ts';

/** The server counts no further: see COUNTED_MAX in conversations/store.py. */
const COUNTED_MAX = 1_000;

export function ViewTabs({ counts }: { counts: RowPage['counts'] | undefined }) {
  const { place } = useDesk();
  return (
    <nav className="tabs" aria-label="Views">
      {VIEWS.map(({ view, title }) => {
        const count = view === 'closed' ? undefined : counts?.[view];
        return (
          <a
            key={view}
            href={place.hrefOf(view, null)}
            aria-current={place.view === view ? 'page' : undefined}
            onClick={(event) => {
              if (event.ctrlKey || event.metaKey) return;
              event.preventDefault();
              place.open(view, null);
            }}
          >
            {title} {count !== undefined && <b>{count < COUNTED_MAX ? count : `${COUNTED_MAX - 1}+`}</b>}
          </a>
        );
      })}
    </nav>
  );
}
