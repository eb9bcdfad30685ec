/** Ada asks, Bo works at the desk, Echo is the assistant. */
import type { Decision, Draft, Entry, Me, MessageEntry, Row } from '@bothands/protocol';
import type { Scene } from '../src/commands/command.ts';

export const bo: Me = {
  id: 'agent_bo',
  name: 'Bo Berg',
  email: 'bo@shop.example',
  role: 'agent',
  initials: 'BB',
  permissions: ['me', 'stops.write'],
  availability: 'available',
  csrf: '',
  company: 'Alder & Loft',
};

const AT = '2026-11-22T10:00:00Z';

export function entryOf(seq: number, changes: Partial<MessageEntry> = {}): Entry {
  return {
    conversation_id: 'conv_1',
    seq,
    id: `msg_${seq}`,
    kind: 'message',
    author_kind: 'contact',
    author_id: 'contact_ada',
    author_name: 'Ada',
    disclosure: null,
    body: `message ${seq}`,
    ref: {},
    at: AT,
    client_id: null,
    ...changes,
  };
}

export function rowOf(id: string, changes: Partial<Row> = {}): Row {
  return {
    id,
    contact: { id: 'contact_ada', name: 'Ada', is_anonymous: false },
    subject: 'Delivery',
    preview: '',
    holder: { kind: 'queue', id: null, name: '' },
    reason: null,
    waiting_since: AT,
    opened_at: AT,
    updated_at: AT,
    closed_at: null,
    mood: { label: 'neutral', trend: [] },
    topic: null,
    seq: 1,
    needs_reply: false,
    is_simulated: false,
    assigned: null,
    ...changes,
  };
}

export const byEcho = { kind: 'assistant' as const, id: 'assistant', name: 'Echo' };
export const byBo = { kind: 'agent' as const, id: bo.id, name: bo.name };

export function draftOf(text: string, changes: Partial<Draft> = {}): Draft {
  return { id: 'dec_1', text, sources: [], unsourced: [], ...changes };
}

export function decisionOf(changes: Partial<Decision> = {}): Decision {
  return {
    id: 'dec_1',
    at: AT,
    message_seq: 1,
    step: 'act',
    topic: null,
    score: 0.9,
    threshold: 0.7,
    certified: false,
    reasons: [],
    evidence: [],
    reading: {},
    versions: {},
    ...changes,
  };
}

export function sceneOf(row: Row | null, changes: Partial<Scene> = {}): Scene {
  const place = { page: 'inbox', view: 'open', conversationId: row?.id ?? null, hrefOf: () => '', open: () => {}, go: () => {} } as Scene['place'];
  return { me: bo, place, actions: {} as Scene['actions'], isReduced: false, row, stops: [], ...changes };
}
