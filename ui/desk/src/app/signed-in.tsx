import type { DeskView } from '@bothands/protocol';
import { useQuery } from '@tanstack/react-query';
import { Outlet, useNavigate, useRouterState } from '@tanstack/react-router';
import { useEffect, useMemo } from 'react';
import type { Page } from '../commands/command.ts';
import { Refused } from '../data/call.ts';
import { meQuery } from '../data/queries.ts';
import { DeskProvider, type Place } from './desk.tsx';
import { panelShown } from './handles.ts';
import { addressOf } from './rail.tsx';
import { Shell } from './shell.tsx';
import { useLive } from './use-live.ts';

export function SignedIn() {
  const me = useQuery(meQuery);
  const place = useAddress();
  const live = useLive(me.isSuccess);
  const isRefused = me.error instanceof Refused && me.error.status === 401;
  useEffect(() => {
    if (isRefused) location.replace('/desk/sign-in');
  }, [isRefused]);

  if (me.isError && !me.data && !isRefused) {
    return (
      <main className="empty" role="alert">
        <h1>The desk could not be opened</h1>
        <p>{me.error.message}</p>
        <button type="button" className="btn" onClick={() => void me.refetch()}>
          Try again
        </button>
      </main>
    );
  }
  if (!me.data) return <main aria-busy="true" aria-label="Loading" />;
  return (
    <DeskProvider me={me.data} place={place} live={live}>
      <Shell>
        <Outlet />
      </Shell>
    </DeskProvider>
  );
}

/** Where the agent is, read from the address and written to it. */
function useAddress(): Place {
  const navigate = useNavigate();
  const path = useRouterState({ select: (state) => state.location.pathname });
  return useMemo(() => {
    const [first = '', view = 'open', conversationId = null] = path.replace(/^\/desk/, '').split('/').filter(Boolean);
    const page = (first || 'inbox') as Page;
    const go = (to: Page) => void navigate({ to: to === 'inbox' ? '/' : `/${to}` });
    return {
      page,
      view: (page === 'inbox' ? view : 'open') as DeskView,
      conversationId: page === 'inbox' ? conversationId : null,
      hrefOf: (to: DeskView, id: string | null) => `${addressOf('inbox')}inbox/${to}${id ? `/${id}` : ''}`,
      open: (to: DeskView, id: string | null) => {
        panelShown.set(false);
        void navigate({ to: (id ? `/inbox/${to}/${id}` : `/inbox/${to}`) as '/' });
      },
      go,
      find: (words: string) => void navigate({ to: '/search', search: { q: words } }),
    };
  }, [path, navigate]);
}
