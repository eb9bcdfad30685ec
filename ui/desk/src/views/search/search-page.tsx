import { useInfiniteQuery } from '@tanstack/react-query';
import { useNavigate, useRouterState } from '@tanstack/react-router';
import { useEffect, useRef, useState, type KeyboardEvent } from 'react';
import { listHandle, searchHandle } from '../../app/handles.ts';
import { hitsQuery } from '../../data/search.ts';
import { Icon } from '../../parts/icon.tsx';
import { TagBox } from '../tags/tag-box.tsx';
import { grouped } from './grouped.ts';
import { FoundView } from './found-view.tsx';

const ASK_AFTER_MS = 250;
const WORDS_CHARS_MAX = 300;

/** Find conversations: words in the address, so that going back finds them again. */
export function SearchPage() {
  const [words, setWords] = useWords();
  const asked = useLater(words.trim());
  const query = useInfiniteQuery(hitsQuery(asked));
  const field = useRef<HTMLInputElement>(null);
  const list = useRef<HTMLOListElement>(null);
  const found = grouped(query.data?.pages.flatMap((page) => page.hits) ?? []);

  const move = (by: 1 | -1) => {
    const links = [...(list.current?.querySelectorAll<HTMLElement>('a') ?? [])];
    const at = links.indexOf(document.activeElement as HTMLElement) + by;
    if (at < 0) field.current?.focus();
    else links[Math.min(at, links.length - 1)]?.focus();
  };
  useEffect(() => {
    listHandle.set({ move });
    searchHandle.set({ focus: () => field.current?.select() });
    return () => (listHandle.set(null), searchHandle.set(null));
  }, []);
  const onKey = (event: KeyboardEvent) => {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key] as 1 | -1 | undefined;
    if (!by || event.nativeEvent.isComposing) return;
    event.preventDefault();
    move(by);
  };
  return (
    <div className="page search-page" onKeyDown={onKey}>
      <div>
        <h1>Search</h1>
        <search className="search-field">
          <Icon name="find" />
          <input
            ref={field}
            type="search"
            autoFocus
            className="input"
            aria-label="Search conversations"
            aria-describedby="search-hint"
            placeholder="Words, a name, an address or a tag"
            maxLength={WORDS_CHARS_MAX}
            value={words}
            onChange={(event) => setWords(event.target.value)}
          />
        </search>
        <p id="search-hint" className="mut search-hint">
          <code>“exact words”</code> <code>from:maya</code> <code>tag:vip</code> <code>is:open</code> <code>after:2026-11-01</code>
        </p>
        <p role="status" className="only-read">
          {query.isSuccess && asked !== '' ? said(found.length, Boolean(query.hasNextPage)) : ''}
        </p>
        {asked === '' && <TagBox />}
        {query.isError && (
          <div className="notice bad" role="alert">
            <p>{query.error.message}</p>
          </div>
        )}
        {query.isSuccess && asked !== '' && found.length === 0 && (
          <div className="empty">
            <strong>Nothing was found for these words</strong>
            <p>Words are found by their beginning. Fewer of them find more; what was written a moment ago takes a few seconds.</p>
          </div>
        )}
        <ol className="found" ref={list} aria-label="Found" aria-busy={query.isFetching}>
          {!query.isError && found.map((each) => <FoundView key={each.row.id} found={each} />)}
        </ol>
        {query.hasNextPage && !query.isError && (
          <button type="button" className="btn" disabled={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
            Show more
          </button>
        )}
      </div>
    </div>
  );
}

const said = (count: number, hasMore: boolean) =>
  count === 0 ? 'Nothing was found.' : `${count}${hasMore ? ' or more' : ''} ${count === 1 ? 'conversation' : 'conversations'} found.`;

function useWords(): [string, (words: string) => void] {
  const navigate = useNavigate();
  const given = useRouterState({ select: (state) => String((state.location.search as { q?: string }).q ?? '') });
  const [words, setWords] = useState(given);
  const own = useRef(given);
  useEffect(() => {
    // Somebody else changed the address: a tag was chosen, or one went back.
    if (given !== own.current) setWords((own.current = given));
  }, [given]);
  return [
    words,
    (next) => {
      own.current = next;
      setWords(next);
      void navigate({ to: '/search', search: next ? { q: next } : {}, replace: true });
    },
  ];
}

function useLater(words: string): string {
  const [later, setLater] = useState(words);
  useEffect(() => {
    const timer = setTimeout(() => setLater(words), words === '' ? 0 : ASK_AFTER_MS);
    return () => clearTimeout(timer);
  }, [words]);
  return later;
}
