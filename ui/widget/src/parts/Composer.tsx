/** Where the contact writes: text, photos, and kindly worded trouble right above it. */
import type { Attachment, Outgoing } from '@bothands/protocol';
import type { RefObject } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { PHOTOS_PER_MESSAGE_MAX, pickFiles, readPhoto, type Photo } from '../photos.ts';
import { firstName, useRoom } from '../room.ts';
import { say } from '../say.ts';
import { Icon } from './icons.tsx';
import { Notices } from './Notices.tsx';

export const MESSAGE_CHARS_MAX = 4000;

interface Draft {
  photo: Photo;
  attachment: Attachment | null;
}

export interface ComposerProps {
  field: RefObject<HTMLTextAreaElement | null>;
  /** Kept outside, so that closing and opening the panel loses nothing. */
  text: string;
  setText: (text: string) => void;
}

export function Composer({ field, text, setText }: ComposerProps) {
  const { chat, visit } = useRoom();
  const [drafts, setDrafts] = useState<Draft[]>([]);
  const [wrong, setWrong] = useState('');
  const holder = visit.state?.holder;
  const isBusy = drafts.some((draft) => !draft.attachment);

  const addFiles = async (files: File[]) => {
    setWrong('');
    if (files.length) field.current?.focus();
    const space = PHOTOS_PER_MESSAGE_MAX - drafts.length;
    if (files.length > space) setWrong(say('photo_many', { n: PHOTOS_PER_MESSAGE_MAX }));
    for (const file of files.slice(0, space)) {
      const photo = await readPhoto(file);
      setDrafts((all) => [...all, { photo, attachment: null }]);
      const outcome = await photo.upload(chat);
      if ('words' in outcome) {
        setWrong(outcome.words);
        setDrafts((all) => all.filter((draft) => draft.photo !== photo));
      } else {
        setDrafts((all) => all.map((draft) => (draft.photo === photo ? { photo, attachment: outcome.attachment } : draft)));
      }
    }
  };

  const send = () => {
    const said = text.trim();
    const excess = said.length - MESSAGE_CHARS_MAX;
    if (excess > 0) return setWrong(say('too_long', { n: excess }));
    if (isBusy || (!said && drafts.length === 0)) return field.current?.focus();
    chat.send(said, drafts.flatMap((draft) => draft.attachment ?? []));
    setText('');
    setDrafts([]);
    setWrong('');
    field.current?.focus();
  };

  const takeBack = (one: Outgoing) => {
    chat.takeBack(one.client_id);
    setText(one.text + (text ? '\n' + text : ''));
    field.current?.focus();
  };

  const placeholder = holder?.kind === 'agent' && !visit.state?.closed ? say('write_to', { name: firstName(holder.name) }) : say(visit.state?.queue ? 'write_waiting' : 'write');
  return (
    <div
      class="say"
      data-area="say"
      onDragOver={(event) => event.preventDefault()}
      onDrop={(event) => {
        event.preventDefault();
        void addFiles([...(event.dataTransfer?.files ?? [])]);
      }}
    >
      <Notices wrong={wrong} onEdit={takeBack} onDismiss={() => (setWrong(''), chat.dismiss())} />
      {drafts.length > 0 && (
        <ul class="pics">
          {drafts.map((draft) => (
            <Preview key={draft.photo} draft={draft} onRemove={() => (setDrafts(drafts.filter((one) => one !== draft)), field.current?.focus())} />
          ))}
        </ul>
      )}
      <form class="cp" onSubmit={(event) => (event.preventDefault(), send())}>
        <button type="button" class="ib" aria-label={say('add_photo')} onClick={async () => addFiles(await pickFiles(true))}>
          <Icon name="camera" />
        </button>
        <textarea
          ref={field}
          rows={1}
          dir="auto"
          enterkeyhint="send"
          aria-label={say('your_message')}
          placeholder={placeholder}
          value={text}
          onInput={(event) => {
            setText(event.currentTarget.value);
            chat.typing();
          }}
          onPaste={(event) => {
            const files = [...(event.clipboardData?.files ?? [])];
            if (files.length === 0) return;
            event.preventDefault();
            void addFiles(files);
          }}
          onKeyDown={(event) => {
            if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
            event.preventDefault();
            send();
          }}
        />
        <button class="b dk" aria-label={say('send')} aria-disabled={isBusy}>
          <Icon name="send" />
        </button>
      </form>
    </div>
  );
}

function Preview({ draft, onRemove }: { draft: Draft; onRemove: () => void }) {
  const { name, preview } = draft.photo;
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const surface = canvas.current;
    if (!surface || !preview) return;
    surface.width = preview.width;
    surface.height = preview.height;
    surface.getContext('2d')?.drawImage(preview, 0, 0);
  }, [preview]);
  return (
    <li class={draft.attachment ? '' : 'up'}>
      <canvas ref={canvas} role="img" aria-label={say('photo', { name })} />
      <button type="button" aria-label={say('remove_photo', { name })} onClick={onRemove}>
        <Icon name="cross" />
      </button>
    </li>
  );
}
