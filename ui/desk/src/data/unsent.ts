import type { Unsent } from '@bothands/protocol';
import { queryOptions } from '@tanstack/react-query';
import type { Mode } from '../app/handles.ts';
import { call } from './call.ts';
import { keep, kept } from './kept.ts';

const KEEP_AFTER_MS = 800;

/** A text that is being written: here first, so that no line is needed; then on the server, for other devices. */
export const nameOf = (conversationId: string, mode: Mode) => `text:${conversationId}:${mode}`;
const atOf = (name: string) => `${name}:at`;

export const unsentQuery = (conversationId: string) =>
  queryOptions({
    queryKey: ['unsent', conversationId] as const,
    queryFn: async () => (await call<{ unsent: Unsent[] }>('GET', `/conversations/${conversationId}/unsent`)).unsent,
    staleTime: 0,
    retry: false,
  });

export const textOf = (name: string) => kept(name) ?? '';

export function keepHere(name: string, text: string, at: string): void {
  keep(name, text || null);
  keep(atOf(name), at);
}

/** Which text counts, by when it was written. A text of before times were kept is later than an empty one only. */
export function later(name: string, theirs: Unsent): 'here' | 'there' | 'same' {
  const at = kept(atOf(name));
  if (textOf(name) === theirs.text) return 'same';
  if (at === null) return textOf(name) === '' || theirs.text !== '' ? 'there' : 'here';
  return Date.parse(at) > Date.parse(theirs.written_at) ? 'here' : 'there';
}

const waiting = new Map<string, ReturnType<typeof setTimeout>>();

/** After a moment without a key; without a line it stays here, and goes up the next time. */
export function keepThere(conversationId: string, mode: Mode): void {
  const name = nameOf(conversationId, mode);
  clearTimeout(waiting.get(name));
  const put = () => {
    waiting.delete(name);
    const written_at = kept(atOf(name)) ?? new Date().toISOString();
    void call('PUT', `/conversations/${conversationId}/unsent/${mode}`, { text: textOf(name), written_at }).catch(() => undefined);
  };
  waiting.set(name, setTimeout(put, KEEP_AFTER_MS));
}
