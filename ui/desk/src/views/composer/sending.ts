import type { Attachment, Entry, Row } from '@bothands/protocol';
import { useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { useDesk } from '../../app/desk.tsx';
import { announce, type Mode } from '../../app/handles.ts';
import { Refused } from '../../data/call.ts';
import { newClientId } from '../../data/ids.ts';
import { addPending, dropPending } from '../../data/pending.ts';
import { receiversQuery } from '../../data/queries.ts';
import { lastShownSeq, newSince } from '../../data/timeline.ts';
import { mentionsIn } from './mentioning.ts';

interface Outgoing {
  text: string;
  photos: readonly Attachment[];
  draftId: string | null;
  seenSeq: number;
  /** Of colleagues put in from the list: their ids by name. */
  chosen: ReadonlyMap<string, string>;
}

export interface Trouble {
  kind: 'collision' | 'failed';
  words: string;
  /** What had been read when it was sent. */
  seenSeq: number;
}

/** Sends once, however often it is tried: the same words keep their client id until they are stored. */
export function useSending(row: Row, mode: Mode, entries: readonly Entry[]) {
  const { actions, me } = useDesk();
  const client = useQueryClient();
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const tried = useRef<{ what: string; mode: Mode; clientId: string } | null>(null);

  async function send({ text, photos, draftId, seenSeq, chosen }: Outgoing): Promise<boolean> {
    const attachments = photos.map((photo) => photo.id);
    const what = [text, ...attachments].join('\n');
    const before = tried.current;
    const clientId = before?.what === what && before.mode === mode ? before.clientId : newClientId();
    tried.current = { what, mode, clientId };
    setTrouble(null);
    const kind = mode === 'note' ? 'note' : 'message';
    addPending(row.id, { client_id: clientId, kind, text, files: photos, at: new Date().toISOString(), state: 'sending' });
    try {
      if (mode === 'note') await actions.note(row.id, { client_id: clientId, text, mentions: await mentionedIn(text, chosen) });
      else {
        const last_seen_seq = seenSeq || lastShownSeq(entries);
        await actions.send(row.id, { client_id: clientId, text, draft_id: draftId, last_seen_seq, attachments });
      }
      tried.current = null;
      return true;
    } catch (error) {
      setTrouble(troubleOf(error, seenSeq));
      return false;
    } finally {
      dropPending(row.id, clientId);
    }
  }

  /** Also of a name that was written by hand, or on another device. */
  async function mentionedIn(text: string, chosen: ReadonlyMap<string, string>): Promise<string[]> {
    if (!text.includes('@')) return [];
    const { people } = await client.ensureQueryData(receiversQuery(row.id));
    return mentionsIn(text, people.filter((one) => one.id !== me.id), chosen);
  }

  function troubleOf(error: unknown, seen: number): Trouble {
    if (error instanceof Refused && error.code === 'collision') {
      announce('Not sent: something new came in.');
      return { kind: 'collision', words: '', seenSeq: seen };
    }
    return { kind: 'failed', words: error instanceof Error ? error.message : String(error), seenSeq: seen };
  }

  const news = trouble ? newSince(entries, trouble.seenSeq, me.id) : [];
  return { send, trouble, clear: () => setTrouble(null), news };
}
