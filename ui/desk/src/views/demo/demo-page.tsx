import type { DeskView, Me } from '@bothands/protocol';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useMemo, useState } from 'react';
import { DeskProvider, type Place } from '../../app/desk.tsx';
import { useLive } from '../../app/use-live.ts';
import { actionsOn } from '../../data/actions.ts';
import { call, Refused } from '../../data/call.ts';
import { meQuery } from '../../data/queries.ts';
import { BothSides } from './both-sides.tsx';
import { useOwnConversation } from './own-chat.ts';

export function DemoPage() {
  const me = useDemoAgent();
  const ownId = useOwnConversation();
  const place = useMemoryPlace(ownId);
  const live = useLive(me.data !== undefined);
  if (me.isError && !me.data) {
    return (
      <main className="empty" role="alert">
        <h1>The demo could not be opened</h1>
        <p>{me.error.message}</p>
        <button type="button" className="btn" onClick={() => location.reload()}>
          Try again
        </button>
      </main>
    );
  }
  if (!me.data) return <main aria-busy="true" aria-label="Loading" />;
  return (
    <DeskProvider me={me.data} place={place} live={live} isReduced ownId={ownId}>
      <BothSides ownId={ownId} />
    </DeskProvider>
  );
}

/** The server signs the demo agent in with the page; where it could not, a one-time link does. */
function useDemoAgent() {
  const client = useQueryClient();
  return useQuery({
    ...meQuery,
    queryFn: async (): Promise<Me> => {
      try {
        return await call<Me>('GET', '/me');
      } catch (error) {
        if (!(error instanceof Refused) || error.status !== 401) throw error;
        const response = await fetch('/demo/links');
        const { links } = (await response.json()) as { links?: { role: string; url: string }[] };
        const link = links?.find((one) => one.role === 'lead') ?? links?.[0];
        if (!link) throw error;
        await actionsOn(client).signInByLink(new URL(link.url).hash.slice(1));
        return call<Me>('GET', '/me');
      }
    },
  });
}

/** The place lives in memory here, and follows one's own chat as soon as there is one. */
function useMemoryPlace(ownId: string | null): Place {
  const [at, setAt] = useState<{ view: DeskView; conversationId: string | null }>({ view: 'open', conversationId: null });
  useEffect(() => {
    if (ownId) setAt((now) => (now.conversationId ? now : { ...now, conversationId: ownId }));
  }, [ownId]);
  return useMemo(
    () => ({
      page: 'inbox' as const,
      ...at,
      hrefOf: (view: DeskView, id: string | null) => `/desk/inbox/${view}${id ? `/${id}` : ''}`,
      open: (_: DeskView, conversationId: string | null) => setAt({ view: 'open', conversationId }),
      go: () => undefined,
    }),
    [at],
  );
}
