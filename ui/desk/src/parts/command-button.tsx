import type { ReactNode } from 'react';
import { useScene } from '../app/desk.tsx';
import { runCommand } from '../commands/keys.ts';
import { commandOf } from '../commands/registry.ts';
import { ShortcutCaps, useShortcut } from './shortcut-caps.tsx';

interface CommandButtonProps {
  id: string;
  look?: string;
  children?: ReactNode;
  withKey?: boolean;
}

/** A button for a command: absent where the command does not apply, so there is never a dead one. */
export function CommandButton({ id, look = '', children, withKey = true }: CommandButtonProps) {
  const scene = useScene();
  const command = commandOf(id);
  const shortcut = useShortcut(command);
  if (!command.when(scene)) return null;
  return (
    <button
      type="button"
      className={`btn ${look}`}
      data-command={id}
      aria-keyshortcuts={ariaKeys(shortcut)}
      onClick={() => void runCommand(command, scene)}
    >
      {children ?? command.label}
      {withKey && <span aria-hidden="true"><ShortcutCaps command={command} /></span>}
    </button>
  );
}

const ariaKeys = (shortcut: string) => shortcut.replace('mod', 'Control') || undefined;
