import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { useDesk } from '../../app/desk.tsx';
import { announce } from '../../app/handles.ts';
import { mentionsQuery, readMentions } from '../../data/mentions.ts';

/** How many notes that mention oneself are not read; one that arrives is said once, and read where it is open. */
export function useUnreadMentions(): number {
  const { place } = useDesk();
  const client = useQueryClient();
  const unread = useInfiniteQuery(mentionsQuery).data?.pages[0]?.unread;
  const before = useRef(unread);
  const id = place.conversationId;
  useEffect(() => {
    if (unread !== undefined && before.current !== undefined && unread > before.current) announce('A note mentions you.');
    before.current = unread;
    // Should it fail, they stay unread, and the next opening tries again.
    if (id && unread) void readMentions(client, id).catch(() => undefined);
  }, [id, unread, client]);
  return unread ?? 0;
}
