import type { Mode } from '../../app/handles.ts';
import { commandOf } from '../../commands/registry.ts';
import { ShortcutCaps } from '../../parts/shortcut-caps.tsx';
import { MESSAGE_CHARS_MAX } from './marked-field.tsx';
import { AddPhoto } from './photo-row.tsx';
import type { Photos } from './photos.ts';

const COUNT_FROM_CHARS = 3600;

interface FootProps {
  mode: Mode;
  length: number;
  canSend: boolean;
  onSend: () => void;
  onPhotos?: Photos['add'] | undefined;
}

export function Foot({ mode, length, canSend, onSend, onPhotos }: FootProps) {
  return (
    <footer className="composer-foot">
      {onPhotos && <AddPhoto add={onPhotos} />}
      <span className="mut">{length >= COUNT_FROM_CHARS ? `${length} of ${MESSAGE_CHARS_MAX} characters` : ''}</span>
      <span className="grow" />
      <button type="button" className="btn pri" disabled={!canSend} aria-keyshortcuts="Control+Enter" onClick={onSend}>
        {mode === 'note' ? 'Keep the note' : 'Send'}
        <span aria-hidden="true">
          <ShortcutCaps command={commandOf('send')} />
        </span>
      </button>
    </footer>
  );
}
