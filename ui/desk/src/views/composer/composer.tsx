import type { Entry, Row } from '@bothands/protocol';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import { useDesk } from '../../app/desk.tsx';
import { composerHandle, type Mode } from '../../app/handles.ts';
import { suggestionQuery } from '../../data/queries.ts';
import { lastShownSeq } from '../../data/timeline.ts';
import { DraftSources, NextStep } from './draft-offer.tsx';
import { Foot } from './foot.tsx';
import { sendableText, unsourcedIn } from './drafting.ts';
import { useKeptText } from './kept-text.ts';
import { Locked } from './locked.tsx';
import { MarkedField } from './marked-field.tsx';
import { useMentionList } from './mention-list.tsx';
import { ModeTabs } from './mode-tabs.tsx';
import { Offer } from './offer.tsx';
import { PhotoRow } from './photo-row.tsx';
import { usePhotos } from './photos.ts';
import { SendNotice } from './send-notice.tsx';
import { useSending } from './sending.ts';

interface ComposerProps {
  row: Row;
  entries: Entry[];
  seenSeq: number;
  onSeen: (seq: number) => void;
}

const TYPING_EVERY_MS = 3000;

export function Composer({ row, entries, seenSeq, onSeen }: ComposerProps) {
  const { me, live } = useDesk();
  const isMine = !row.closed_at && row.holder.kind === 'agent' && row.holder.id === me.id;
  const [mode, setMode] = useState<Mode>('reply');
  const [text, setText] = useKeptText(row.id, mode);
  const [taken, setTaken] = useState<string | null>(null);
  const [discarded, setDiscarded] = useState<string | null>(null);
  const [isWarned, setWarned] = useState(false);
  const field = useRef<HTMLTextAreaElement>(null);
  const typedAt = useRef(0);
  const wantsDraft = !row.closed_at && row.holder.kind !== 'assistant';
  const suggestion = useQuery({ ...suggestionQuery(row.id), enabled: wantsDraft }).data;
  const draft = (wantsDraft && suggestion?.draft) || null;
  const sending = useSending(row, mode, entries);
  const photos = usePhotos();
  const sent = mode === 'reply' ? photos.photos : [];
  const spans = mode === 'reply' ? unsourcedIn(text, draft) : [];
  const isOffered = mode === 'reply' && draft !== null && draft.id !== discarded && text === '';

  const write = (next: string) => {
    setText(next);
    setWarned(false);
    if (sending.trouble?.kind === 'failed') sending.clear();
    if (next && Date.now() - typedAt.current > TYPING_EVERY_MS) {
      typedAt.current = Date.now();
      live.type(row.id, mode === 'note');
    }
  };
  const mentions = useMentionList({ row, isNote: mode === 'note', text, field, write });
  const take = () => {
    if (!draft) return;
    write(sendableText(draft));
    setTaken(draft.id);
    requestAnimationFrame(() => {
      field.current?.focus();
      field.current?.setSelectionRange(field.current.value.length, field.current.value.length);
    });
  };
  const submit = async (seq = seenSeq) => {
    const words = text.trim();
    if ((!words && sent.length === 0) || photos.isLoading || (mode === 'reply' && !isMine)) return;
    if (spans.length > 0 && !isWarned) return setWarned(true);
    write('');
    if (mode === 'reply') photos.put([]);
    const draftId = mode === 'reply' && taken === draft?.id ? taken : null;
    if (await sending.send({ text: words, photos: sent, draftId, seenSeq: seq, chosen: mentions.chosen })) setTaken(null);
    else {
      setText(words);
      if (mode === 'reply') photos.put([...sent]);
    }
  };
  const sendAnyway = () => {
    const latest = lastShownSeq(entries);
    onSeen(latest);
    void submit(latest);
  };
  /** What was written when somebody else took the conversation: the desk can still have it. */
  const makeNote = () => {
    const words = text;
    setText('');
    flushSync(() => setMode('note'));
    latestWrite.current(words);
    field.current?.focus();
  };
  // At once, not a frame later: what is typed right after the key would run as shortcuts.
  const focus = (to: Mode) => (flushSync(() => setMode(to)), field.current?.focus());
  useHandle({ focus, send: () => void submit() });

  const latestWrite = useRef(write);
  latestWrite.current = write;

  const canWrite = mode === 'note' || isMine;
  return (
    <section className={`composer ${mode}`} aria-label={mode === 'note' ? 'Internal note' : 'Reply'}>
      <ModeTabs mode={mode} onMode={setMode}>
        {isOffered && <Offer.Acts canTake={isMine} onTake={take} onDiscard={() => setDiscarded(draft.id)} />}
        {!isOffered && draft && mode === 'reply' && canWrite && text === '' && (
          <button type="button" className="btn quiet small" onClick={() => setDiscarded(null)}>
            Show the AI’s draft
          </button>
        )}
      </ModeTabs>
      {mode === 'reply' && isMine && <NextStep step={suggestion?.next_step ?? null} />}
      {isOffered && <Offer.Text draft={draft} />}
      {mentions.list}
      {canWrite ? (
        <MarkedField
          field={field}
          label={mode === 'note' ? 'Note, only the desk sees it' : 'Your reply'}
          describedBy={isOffered ? 'draft-hint' : undefined}
          placeholder={mode === 'note' ? 'Only the desk sees this' : isOffered ? 'Or write your own' : `Write to ${row.contact.name}`}
          value={text}
          spans={spans}
          onChange={write}
          onCaret={mentions.onCaret}
          aria={mentions.aria}
          onFiles={mode === 'reply' ? (files) => void photos.add(files) : undefined}
          onKeyDown={(event) => {
            if (event.nativeEvent.isComposing || mentions.onKey(event)) return;
            if (isOffered && event.key === 'Tab' && !event.shiftKey) (event.preventDefault(), take());
            if (event.key === 'Escape') isOffered ? setDiscarded(draft.id) : field.current?.blur();
          }}
        />
      ) : (
        <Locked row={row} hasDraft={isOffered} keptText={text} onNote={makeNote} />
      )}
      {!isOffered && draft && taken === draft.id && text && (
        <DraftSources draft={draft} unsourced={spans.map((span) => text.slice(span.start, span.end))} />
      )}
      <SendNotice
        trouble={sending.trouble}
        news={sending.news}
        warnedOf={isWarned ? spans.length : 0}
        onAnyway={sendAnyway}
      />
      {mode === 'reply' && isMine && <PhotoRow {...photos} />}
      {canWrite && (
        <Foot
          mode={mode}
          length={text.length}
          canSend={(text.trim() !== '' || sent.length > 0) && !photos.isLoading}
          onSend={() => void submit()}
          onPhotos={mode === 'reply' ? photos.add : undefined}
        />
      )}
    </section>
  );
}

function useHandle(handle: { focus: (mode: Mode) => void; send: () => void }): void {
  const latest = useRef(handle);
  latest.current = handle;
  useEffect(() => {
    const own = { focus: (mode: Mode) => latest.current.focus(mode), send: () => latest.current.send() };
    composerHandle.set(own);
    return () => composerHandle.set((now) => (now === own ? null : now));
  }, []);
}
