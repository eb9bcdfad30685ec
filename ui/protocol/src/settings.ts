/** What the settings pages exchange with the server; derived from its description, so that the two cannot drift. */
import type { components } from './schema.d.ts';

type Schemas = components['schemas'];

export type AgentView = Schemas['AgentView'];
export type Agents = Schemas['Agents'];
export type InvitationView = Schemas['InvitationView'];
export type InvitationMade = Schemas['InvitationMade'];
export type JoinView = Schemas['JoinView'];
export type WaysIn = Schemas['WaysIn'];
export type CodeAsked = Schemas['CodeAsked'];
export type InboxView = Schemas['InboxView'];
export type TeamView = Schemas['TeamView'];
export type ApiKeyView = Schemas['ApiKeyView'];
export type ApiKeyMade = Schemas['ApiKeyMade'];
export type WebhookView = Schemas['WebhookView'];
export type WebhookPage = Schemas['WebhookPage'];
export type WebhookMade = Schemas['WebhookMade'];
export type DeliveryView = Schemas['DeliveryView'];
export type SecretView = Schemas['SecretView'];
export type SecretMade = Schemas['SecretMade'];
