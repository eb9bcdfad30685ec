import type { DeskView } from '@bothands/protocol';
import { createRootRoute, createRoute, createRouter, lazyRouteComponent, redirect } from '@tanstack/react-router';
import { Card } from '../parts/card.tsx';
import { VIEWS } from '../views/inbox/grouping.ts';
import { SignInPage } from '../views/sign-in/sign-in-page.tsx';
import { InboxPage } from './inbox-page.tsx';
import { SignedIn } from './signed-in.tsx';

const root = createRootRoute();

const signIn = createRoute({ getParentRoute: () => root, path: '/sign-in', component: SignInPage });

const desk = createRoute({ getParentRoute: () => root, id: 'desk', component: SignedIn });

const home = createRoute({
  getParentRoute: () => desk,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/inbox/$view', params: { view: 'open' } });
  },
});

const isView = (view: string): view is DeskView => VIEWS.some((one) => one.view === view);

const knownView = ({ params }: { params: { view: string } }) => {
  if (!isView(params.view)) throw redirect({ to: '/inbox/$view', params: { view: 'open' } });
};

const inbox = createRoute({ getParentRoute: () => desk, path: '/inbox/$view', beforeLoad: knownView, component: InboxPage });

const conversation = createRoute({
  getParentRoute: () => desk,
  path: '/inbox/$view/$conversationId',
  beforeLoad: knownView,
  component: InboxPage,
});

const knowledge = createRoute({
  getParentRoute: () => desk,
  path: '/knowledge',
  component: lazyRouteComponent(() => import('../views/knowledge/knowledge-page.tsx'), 'KnowledgePage'),
});

const mentions = createRoute({
  getParentRoute: () => desk,
  path: '/mentions',
  component: lazyRouteComponent(() => import('../views/mentions/mentions-page.tsx'), 'MentionsPage'),
});

const search = createRoute({
  getParentRoute: () => desk,
  path: '/search',
  validateSearch: (given: Record<string, unknown>): { q?: string } => (given.q === undefined ? {} : { q: String(given.q) }),
  component: lazyRouteComponent(() => import('../views/search/search-page.tsx'), 'SearchPage'),
});

const charter = createRoute({
  getParentRoute: () => desk,
  path: '/charter',
  component: lazyRouteComponent(() => import('../views/charter/charter-page.tsx'), 'CharterPage'),
});

const settings = createRoute({
  getParentRoute: () => desk,
  path: '/settings',
  beforeLoad: () => {
    throw redirect({ to: '/settings/$part', params: { part: 'people' } });
  },
});

const settingsPart = createRoute({
  getParentRoute: () => desk,
  path: '/settings/$part',
  component: lazyRouteComponent(() => import('../views/settings/settings-page.tsx'), 'SettingsPage'),
});

const join = createRoute({
  getParentRoute: () => root,
  path: '/join',
  component: lazyRouteComponent(() => import('../views/sign-in/join-page.tsx'), 'JoinPage'),
});

const me = createRoute({
  getParentRoute: () => desk,
  path: '/me',
  component: lazyRouteComponent(() => import('../views/me/me-page.tsx'), 'MePage'),
});

export const router = createRouter({
  basepath: '/desk',
  routeTree: root.addChildren([signIn, join, desk.addChildren([home, inbox, conversation, mentions, search, knowledge, charter, settings, settingsPart, me])]),
  defaultNotFoundComponent: NotFound,
});

function NotFound() {
  return (
    <Card>
      <h1>This page is not here</h1>
      <p>
        <a className="src" href="/desk/">
          Go to the inbox
        </a>
      </p>
    </Card>
  );
}

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
