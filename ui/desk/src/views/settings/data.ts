import type {
  AgentView,
  Agents,
  ApiKeyMade,
  ApiKeyView,
  DeliveryView,
  InboxView,
  InvitationMade,
  InvitationView,
  SecretMade,
  SecretView,
  TeamView,
  WebhookMade,
  WebhookPage,
  WebhookView,
} from '@bothands/protocol';
import { queryOptions, useQueryClient } from '@tanstack/react-query';
import { useMemo } from 'react';
import { call } from '../../data/call.ts';

const at = (name: string) => ['settings', name] as const;

const PAGES_MAX = 20;
type Page<T> = T & { next_cursor: string | null };

/** Every page of a list that may be long; there are never many. */
async function pagesOf<T>(path: string): Promise<Page<T>[]> {
  const pages: Page<T>[] = [];
  for (let cursor: string | null = ''; cursor !== null && pages.length < PAGES_MAX; ) {
    const page: Page<T> = await call<Page<T>>('GET', cursor ? `${path}?cursor=${encodeURIComponent(cursor)}` : path);
    pages.push(page);
    cursor = page.next_cursor;
  }
  return pages;
}

export const agentsQuery = queryOptions({
  queryKey: at('agents'),
  queryFn: async () => {
    const pages = await pagesOf<Agents>('/agents');
    return { agents: pages.flatMap((page) => page.agents), has_mail: pages[0]?.has_mail ?? false };
  },
});

const MAIL_LOOK_MS = 3_000;
const isOnItsWay = (one: InvitationView) => !one.sent_at && !one.problem;

export const invitationsQuery = queryOptions({
  queryKey: at('invitations'),
  // Whoever sent one sees it leave.
  refetchInterval: ({ state }) => (state.data?.some(isOnItsWay) ? MAIL_LOOK_MS : false),
  queryFn: async () => (await pagesOf<{ invitations: InvitationView[] }>('/invitations')).flatMap((page) => page.invitations),
});

export const teamsQuery = queryOptions({
  queryKey: at('teams'),
  queryFn: async () => (await pagesOf<{ teams: TeamView[] }>('/teams')).flatMap((page) => page.teams),
});

export const apiKeysQuery = queryOptions({
  queryKey: at('api-keys'),
  queryFn: async () => {
    const pages = await pagesOf<{ api_keys: ApiKeyView[]; scopes: string[] }>('/api-keys');
    return { api_keys: pages.flatMap((page) => page.api_keys), scopes: pages[0]?.scopes ?? [] };
  },
});

export const inboxesQuery = queryOptions({
  queryKey: at('inboxes'),
  queryFn: async () => (await pagesOf<{ inboxes: InboxView[] }>('/inboxes')).flatMap((page) => page.inboxes),
});

export type WebhookType = WebhookPage['event_types'][number];

export const webhooksQuery = queryOptions({
  queryKey: at('webhooks'),
  queryFn: async () => {
    const pages = await pagesOf<WebhookPage>('/webhooks');
    return { webhooks: pages.flatMap((page) => page.webhooks), types: pages[0]?.event_types ?? [] };
  },
});

export const deliveriesQuery = (id: string) =>
  queryOptions({
    queryKey: [...at('deliveries'), id],
    queryFn: async () => (await call<{ deliveries: DeliveryView[] }>('GET', `/webhooks/${id}/deliveries`)).deliveries,
  });

export const inboxTeamsQuery = (id: string) =>
  queryOptions({
    queryKey: [...at('inbox-teams'), id],
    queryFn: async () => (await call<{ team_ids: string[] }>('GET', `/inboxes/${id}/teams`)).team_ids,
  });

export const secretsQuery = (id: string) =>
  queryOptions({
    queryKey: [...at('secrets'), id],
    queryFn: async () => (await pagesOf<{ secrets: SecretView[] }>(`/inboxes/${id}/secrets`)).flatMap((page) => page.secrets),
  });

export type Role = 'agent' | 'lead' | 'admin';
export const ROLES: [role: Role, name: string, words: string][] = [
  ['agent', 'Agent', 'answers customers and may stop the AI'],
  ['lead', 'Lead', 'also changes knowledge and the charter, and steps into others’ conversations'],
  ['admin', 'Admin', 'also people, teams, inboxes, keys and webhooks'],
];
export const roleName = (role: string) => ROLES.find(([one]) => one === role)?.[1] ?? role;

export interface Invited {
  name: string;
  email: string;
  role: Role;
  expertise: string[];
  as_link: boolean;
}

export interface AboutInbox {
  name: string;
  assistant_name: string;
  disclosure: string;
  origins: string[];
}

export interface AboutWebhook {
  url: string;
  description: string;
  event_types: string[];
  include_text: boolean;
}

export interface AgentChange {
  name?: string;
  role?: Role;
  expertise?: string[];
  capacity?: number;
  is_disabled?: boolean;
}

/** What admins do here; each act fetches anew exactly what it changed. */
export function useSettings() {
  const client = useQueryClient();
  return useMemo(() => {
    const then = async <T>(answer: Promise<T>, ...names: string[]): Promise<T> => {
      const got = await answer;
      await Promise.all(names.map((name) => client.invalidateQueries({ queryKey: at(name) })));
      return got;
    };
    return {
      invite: (invited: Invited) => then(call<InvitationMade>('POST', '/invitations', invited), 'invitations'),
      renew: (id: string, asLink: boolean) => then(call<InvitationMade>('POST', `/invitations/${id}/renewal`, { as_link: asLink }), 'invitations'),
      takeBack: (id: string) => then(call('DELETE', `/invitations/${id}`), 'invitations'),
      changeAgent: (id: string, change: AgentChange) => then(call<AgentView>('PATCH', `/agents/${id}`, change), 'agents'),
      saveTeam: (id: string | null, team: { name: string; member_ids: string[] }) =>
        then(id ? call<TeamView>('PATCH', `/teams/${id}`, team) : call<TeamView>('POST', '/teams', team), 'teams'),
      dropTeam: (id: string) => then(call('DELETE', `/teams/${id}`), 'teams'),
      makeKey: (key: { name: string; scopes: string[]; expires_at: string | null }) => then(call<ApiKeyMade>('POST', '/api-keys', key), 'api-keys'),
      revokeKey: (id: string) => then(call('DELETE', `/api-keys/${id}`), 'api-keys'),
      makeInbox: (inbox: AboutInbox & { slug: string }) => then(call<InboxView>('POST', '/inboxes', inbox), 'inboxes'),
      changeInbox: (id: string, inbox: AboutInbox) => then(call<InboxView>('PATCH', `/inboxes/${id}`, inbox), 'inboxes'),
      limitInbox: (id: string, teamIds: readonly string[]) => then(call('PUT', `/inboxes/${id}/teams`, { team_ids: teamIds }), 'inbox-teams'),
      makeSecret: (id: string) => then(call<SecretMade>('POST', `/inboxes/${id}/secrets`), 'secrets'),
      revokeSecret: (id: string, secretId: string) => then(call('DELETE', `/inboxes/${id}/secrets/${secretId}`), 'secrets'),
      makeWebhook: (webhook: AboutWebhook) => then(call<WebhookMade>('POST', '/webhooks', webhook), 'webhooks'),
      changeWebhook: (id: string, change: AboutWebhook & { enabled: boolean }) => then(call<WebhookView>('PATCH', `/webhooks/${id}`, change), 'webhooks'),
      dropWebhook: (id: string) => then(call('DELETE', `/webhooks/${id}`), 'webhooks'),
      renewWebhookSecret: (id: string) => then(call<WebhookMade>('POST', `/webhooks/${id}/secret`), 'webhooks'),
      testWebhook: (id: string) => then(call('POST', `/webhooks/${id}/test`), 'deliveries'),
      replay: (id: string, deliveryId: string) => then(call('POST', `/webhooks/${id}/replay`, { delivery_id: deliveryId }), 'deliveries'),
      signOut: (id: string) => then(call('DELETE', `/agents/${id}/sign-ins`), 'agents'),
    };
  }, [client]);
}

/** `returns, sizes ` → tags. */
export const tagsOf = (text: string) => text.split(',').map((tag) => tag.trim()).filter(Boolean);
