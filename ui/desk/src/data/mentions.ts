import type { MentionPage } from '@bothands/protocol';
import { infiniteQueryOptions, type QueryClient } from '@tanstack/react-query';
import { call } from './call.ts';
import { keys } from './queries.ts';

/** The notes that mention oneself, newest first; `unread` counts those of all pages. */
export const mentionsQuery = infiniteQueryOptions({
  queryKey: keys.mentions,
  queryFn: ({ pageParam }) => call<MentionPage>('GET', `/mentions${pageParam ? `?cursor=${encodeURIComponent(pageParam)}` : ''}`),
  initialPageParam: '',
  getNextPageParam: (page) => page.next_cursor ?? undefined,
});

export async function readMentions(client: QueryClient, id: string): Promise<void> {
  await call('PUT', `/conversations/${id}/mentions/read`);
  await client.invalidateQueries({ queryKey: keys.mentions });
}
