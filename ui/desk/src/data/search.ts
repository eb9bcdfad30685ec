import type { ConversationView, HitPage, Tag, TagCount, TagPage } from '@bothands/protocol';
import { infiniteQueryOptions, queryOptions, type QueryClient } from '@tanstack/react-query';
import { call } from './call.ts';
import { keys } from './queries.ts';

const TAGS = ['tags'] as const;

export const hitsQuery = (words: string) =>
  infiniteQueryOptions({
    queryKey: ['search', words] as const,
    queryFn: ({ pageParam }) =>
      call<HitPage>('GET', `/search?q=${encodeURIComponent(words)}${pageParam === null ? '' : `&cursor=${pageParam}`}`),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
    enabled: words !== '',
    staleTime: 5_000,
  });

export const tagsQuery = queryOptions({
  queryKey: TAGS,
  queryFn: async () => {
    const tags: TagCount[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const page: TagPage = await call('GET', `/tags${cursor && `?cursor=${cursor}`}`);
      tags.push(...page.tags);
      cursor = page.next_cursor;
    }
    return tags;
  },
});

/** Puts a tag on, or takes one off; what the conversation bears then is shown at once. */
export async function changeTags(client: QueryClient, id: string, change: { add: string } | { remove: string }): Promise<void> {
  const path = `/conversations/${id}/tags`;
  const { tags } =
    'add' in change
      ? await call<{ tags: Tag[] }>('POST', path, { name: change.add })
      : await call<{ tags: Tag[] }>('DELETE', `${path}/${change.remove}`);
  client.setQueryData<ConversationView>(keys.conversation(id), (view) => view && { ...view, tags });
  void client.invalidateQueries({ queryKey: TAGS });
  void client.invalidateQueries({ queryKey: keys.entries(id) });
}

export async function renameTag(client: QueryClient, tagId: string, name: string): Promise<void> {
  await call('PATCH', `/tags/${tagId}`, { name });
  await client.invalidateQueries({ queryKey: TAGS });
}

export async function deleteTag(client: QueryClient, tagId: string): Promise<void> {
  await call('DELETE', `/tags/${tagId}`);
  await client.invalidateQueries({ queryKey: TAGS });
}
