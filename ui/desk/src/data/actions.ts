import type { Attachment, Availability, Brief, BriefLine, ConversationView, Entry, ImportReport, Me, NewNote, Receiver, TopicRole, TryOutResult } from '@bothands/protocol';
import type { QueryClient } from '@tanstack/react-query';
import { call } from './call.ts';
import { keys } from './queries.ts';
import { mergeEntries, type Timeline } from './timeline.ts';

type To = Pick<Receiver, 'kind' | 'id'>;

/** Everything the desk can do to the server; each act refreshes exactly what it changed. */
export function actionsOn(client: QueryClient) {
  const again = (...which: (readonly unknown[])[]) =>
    Promise.all(which.map((queryKey) => client.invalidateQueries({ queryKey })));
  const changed = (id: string) =>
    again(keys.entries(id), keys.conversation(id), keys.suggestion(id), keys.decisions(id), keys.rows);
  const act = async (method: 'POST' | 'DELETE', id: string, path: string, body?: unknown) => {
    try {
      await call(method, `/conversations/${id}/${path}`, body);
    } finally {
      void changed(id);
    }
  };
  const stored = (id: string, entry: Entry | undefined) => {
    if (entry && typeof entry.seq === 'number') {
      client.setQueryData<Timeline>(keys.entries(id), (held) => {
        // Only the next one in line is merged at once: a gap would hide what lies between.
        return held && entry.seq === held.seq + 1 ? mergeEntries(held, [entry], entry.seq) : held;
      });
    }
    return changed(id);
  };

  return {
    takeOver: (id: string) => act('POST', id, 'take-over'),
    handBack: (id: string, note: string) => act('POST', id, 'hand-back', { note }),
    close: (id: string, reason: string, agreed: string | null) => act('POST', id, 'closing', { reason, agreed }),
    undoClosing: (id: string) => act('POST', id, 'closing/undo'),
    transfer: (id: string, to: To, note: string, anyway: boolean) => act('POST', id, 'transfer', { to, note, anyway }),
    assign: (id: string, to: To, note: string) => act('POST', id, 'assignment', { to, note }),
    unassign: (id: string) => act('DELETE', id, 'assignment'),
    reopen: (id: string) => act('DELETE', id, 'closing'),

    async send(id: string, message: { client_id: string; text: string; draft_id: string | null; last_seen_seq: number; attachments: string[] }) {
      await stored(id, await call<Entry>('POST', `/conversations/${id}/messages`, message));
    },
    upload(photo: File): Promise<Attachment> {
      const form = new FormData();
      form.append('file', photo);
      return call<Attachment>('POST', '/files', form);
    },
    async note(id: string, note: NewNote) {
      await stored(id, await call<Entry>('POST', `/conversations/${id}/notes`, note));
    },

    async fixBrief(id: string, label: BriefLine['label'], text: string) {
      const brief = await call<Brief>('PUT', `/conversations/${id}/brief`, { label, text });
      client.setQueryData<ConversationView>(keys.conversation(id), (view) => (view ? { ...view, brief } : view));
    },

    async stop(topic: string | null, reason: string) {
      await call('POST', '/stops', { topic, reason });
      await again(keys.stops, keys.charter);
    },
    async resume(stopId: string) {
      await call('DELETE', `/stops/${stopId}`);
      await again(keys.stops, keys.charter);
    },
    async setAvailable(isAvailable: boolean) {
      const availability: Availability = isAvailable ? 'available' : 'away';
      client.setQueryData<Me>(keys.me, (me) => (me ? { ...me, availability } : me));
      try {
        await call('PUT', '/me/availability', { available: isAvailable });
      } finally {
        void again(keys.me);
      }
    },
    setPassword: (password: string) => call('PUT', '/me/password', { password }),
    async revoke(signInId: string) {
      await call('DELETE', `/sign-ins/${signInId}`);
      await again(keys.signIns);
    },
    signOut: () => call('DELETE', '/sign-in'),
    signInByLink: (token: string) => call<Me>('POST', '/sign-in/link', { token }),
    signInByPassword: (email: string, password: string) => call<Me>('POST', '/sign-in/password', { email, password }),

    async setRole(topic: string, role: TopicRole, reason: string) {
      await call('PUT', `/charter/topics/${topic}`, { role, reason });
      await again(keys.charter);
    },
    async importFiles(files: File[]): Promise<ImportReport> {
      const form = new FormData();
      for (const file of files) form.append('files', file);
      const report = await call<ImportReport>('POST', '/knowledge/imports', form);
      await again(keys.knowledge);
      return report;
    },
    async importText(name: string, text: string): Promise<ImportReport> {
      const report = await call<ImportReport>('POST', '/knowledge/imports', { name, text });
      await again(keys.knowledge);
      return report;
    },
    async tryOut(questions: string[]): Promise<TryOutResult[]> {
      return (await call<{ results: TryOutResult[] }>('POST', '/try-out', { questions })).results;
    },
  };
}

export type Actions = ReturnType<typeof actionsOn>;
