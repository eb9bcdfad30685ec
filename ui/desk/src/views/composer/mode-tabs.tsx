import type { ReactNode } from 'react';
import type { Mode } from '../../app/handles.ts';
import { commandOf } from '../../commands/registry.ts';
import { ShortcutCaps } from '../../parts/shortcut-caps.tsx';

interface ModeTabsProps {
  mode: Mode;
  onMode: (mode: Mode) => void;
  children?: ReactNode;
}

export function ModeTabs({ mode, onMode, children }: ModeTabsProps) {
  const option = (of: Mode, label: string, command: string) => (
    <button type="button" className="mode" aria-pressed={mode === of} onClick={() => onMode(of)}>
      {label}
      <span aria-hidden="true">
        <ShortcutCaps command={commandOf(command)} />
      </span>
    </button>
  );
  return (
    <div className="modes">
      {option('reply', 'Reply', 'reply')}
      {option('note', 'Internal note', 'note')}
      <span className="grow" />
      {children}
    </div>
  );
}
