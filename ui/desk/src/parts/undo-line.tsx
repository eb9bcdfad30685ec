import { useEffect } from 'react';
import { useScene } from '../app/desk.tsx';
import { undoable } from '../app/handles.ts';
import { runCommand } from '../commands/keys.ts';
import { undoClose } from '../commands/undo-close.ts';
import { useCell } from '../data/cell.ts';
import { ShortcutCaps } from './shortcut-caps.tsx';

const UNDO_MS = 10_000;

/** So long the customer is not told of a closing. The words are announced by whoever closed it. */
export function UndoLine() {
  const id = useCell(undoable);
  const scene = useScene();
  useEffect(() => {
    if (id === null) return;
    const timer = setTimeout(() => undoable.set(null), UNDO_MS);
    return () => clearTimeout(timer);
  }, [id]);
  if (id === null) return null;
  return (
    <div className="undo-line" role="group" aria-label="Undo">
      <span>Closed</span>
      <button type="button" className="btn small" onClick={() => void runCommand(undoClose, scene)}>
        Undo <ShortcutCaps command={undoClose} />
      </button>
    </div>
  );
}
