import type {
  Charter,
  ConversationView,
  Decision,
  DeskView,
  Entry,
  EntryPage,
  Me,
  Receivers,
  RowPage,
  SignIn,
  Stop,
  Suggestion,
} from '@bothands/protocol';
import { infiniteQueryOptions, queryOptions, type QueryClient } from '@tanstack/react-query';
import { call } from './call.ts';
import { mergeEntries, type Timeline } from './timeline.ts';

const PAGE_ENTRIES_MAX = 200;
const PAGES_IN_A_ROW_MAX = 50;

export const keys = {
  me: ['me'] as const,
  rows: ['rows'] as const,
  rowsOf: (view: DeskView) => ['rows', view] as const,
  conversation: (id: string) => ['conversation', id] as const,
  entries: (id: string) => ['entries', id] as const,
  suggestion: (id: string) => ['suggestion', id] as const,
  receivers: (id: string) => ['receivers', id] as const,
  decisions: (id: string) => ['decisions', id] as const,
  stops: ['stops'] as const,
  charter: ['charter'] as const,
  mentions: ['mentions'] as const,
  knowledge: ['knowledge'] as const,
  signIns: ['sign-ins'] as const,
};

export const meQuery = queryOptions({
  queryKey: keys.me,
  queryFn: () => call<Me>('GET', '/me'),
  staleTime: Infinity,
  retry: false,
});

export const rowsQuery = (view: DeskView) =>
  infiniteQueryOptions({
    queryKey: keys.rowsOf(view),
    queryFn: ({ pageParam }) =>
      call<RowPage>('GET', `/conversations?view=${view}${pageParam ? `&cursor=${encodeURIComponent(pageParam)}` : ''}`),
    initialPageParam: '',
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });

export const conversationQuery = (id: string) =>
  queryOptions({
    queryKey: keys.conversation(id),
    queryFn: () => call<ConversationView>('GET', `/conversations/${id}`),
  });

/** Fetches only what came after the last entry it holds; a fresh fetch and a catch-up end the same. */
export const entriesQuery = (client: QueryClient, id: string) =>
  queryOptions({
    queryKey: keys.entries(id),
    queryFn: async () => {
      let held = client.getQueryData<Timeline>(keys.entries(id)) ?? { entries: [] as Entry[], seq: 0 };
      for (let page = 0; page < PAGES_IN_A_ROW_MAX; page += 1) {
        const path = `/conversations/${id}/entries?since=${held.seq}&limit=${PAGE_ENTRIES_MAX}`;
        const got = await call<EntryPage>('GET', path);
        held = mergeEntries(held, got.entries, got.seq);
        if (got.entries.length < PAGE_ENTRIES_MAX) break;
      }
      return held;
    },
    structuralSharing: false,
  });

export const suggestionQuery = (id: string) =>
  queryOptions({
    queryKey: keys.suggestion(id),
    queryFn: () => call<Suggestion>('GET', `/conversations/${id}/suggestion`),
    retry: false,
  });

export const decisionsQuery = (id: string) =>
  queryOptions({
    queryKey: keys.decisions(id),
    queryFn: async () => (await call<{ decisions: Decision[] }>('GET', `/conversations/${id}/decisions`)).decisions,
  });

export const receiversQuery = (id: string) =>
  queryOptions({
    queryKey: keys.receivers(id),
    queryFn: () => call<Receivers>('GET', `/conversations/${id}/receivers`),
  });

export const stopsQuery = queryOptions({
  queryKey: keys.stops,
  queryFn: async () => listOf<Stop>(await call('GET', '/stops'), 'stops'),
});

export const charterQuery = queryOptions({
  queryKey: keys.charter,
  queryFn: () => call<Charter>('GET', '/charter'),
});

export interface Article {
  id: string;
  title: string;
  audience: string;
  owner: string | null;
  reviewed: string | null;
  sections?: number;
  passages?: number;
}

export const articlesQuery = queryOptions({
  queryKey: keys.knowledge,
  queryFn: async () => listOf<Article>(await call('GET', '/knowledge/articles'), 'articles'),
});

export const signInsQuery = queryOptions({
  queryKey: keys.signIns,
  queryFn: async () => listOf<SignIn>(await call('GET', '/sign-ins'), 'sign_ins'),
});

/** A list stands either bare or under its name. */
function listOf<T>(answer: unknown, name: string): T[] {
  if (Array.isArray(answer)) return answer as T[];
  const inside = (answer as Record<string, unknown> | undefined)?.[name];
  return Array.isArray(inside) ? (inside as T[]) : [];
}
