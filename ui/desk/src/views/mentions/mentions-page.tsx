import type { MentionView } from '@bothands/protocol';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useDesk } from '../../app/desk.tsx';
import { foundEntry } from '../../app/handles.ts';
import { mentionsQuery } from '../../data/mentions.ts';
import { useNow } from '../../data/ticking.ts';
import { whenOf } from '../../data/times.ts';
import { Icon } from '../../parts/icon.tsx';

/** The notes in which colleagues mention oneself; opening one lands on the note. */
export function MentionsPage() {
  const query = useInfiniteQuery(mentionsQuery);
  const mentions = query.data?.pages.flatMap((page) => page.mentions) ?? [];
  return (
    <div className="page search-page">
      <div>
        <h1>Mentions</h1>
        {query.isError && (
          <div className="notice bad" role="alert">
            <p>{query.error.message}</p>
          </div>
        )}
        {query.isSuccess && mentions.length === 0 && (
          <div className="empty">
            <strong>No note mentions you</strong>
            <p>When a colleague writes @ and your name in an internal note, it stands here.</p>
          </div>
        )}
        <ol className="found" aria-label="Notes that mention you" aria-busy={query.isFetching}>
          {mentions.map((mention) => (
            <MentionLink key={`${mention.row.id} ${mention.seq}`} mention={mention} />
          ))}
        </ol>
        {query.hasNextPage && (
          <button type="button" className="btn" disabled={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
            Show more
          </button>
        )}
      </div>
    </div>
  );
}

function MentionLink({ mention }: { mention: MentionView }) {
  const { place } = useDesk();
  const now = useNow();
  const { row, seq } = mention;
  const view = row.closed_at ? 'closed' : 'open';
  return (
    <li className="box found-one">
      <header>
        <h2 className="one-line">{row.contact.name}</h2>
        {!mention.read_at && <span className="tag warn">unread</span>}
      </header>
      <p className="mut one-line">{row.subject}</p>
      <a
        href={place.hrefOf(view, row.id)}
        onClick={(event) => {
          if (event.ctrlKey || event.metaKey || event.shiftKey) return;
          event.preventDefault();
          foundEntry.set({ id: row.id, seq });
          place.open(view, row.id);
        }}
      >
        <span className="mut found-by">
          <Icon name="file" />
          Note, {mention.author_name ?? 'the desk'}
          <time dateTime={mention.at}>{whenOf(mention.at, now)}</time>
        </span>
        <span dir="auto">{mention.text}</span>
      </a>
    </li>
  );
}
