import { useId, useRef, useState, type KeyboardEvent } from 'react';
import { useScene } from '../../app/desk.tsx';
import { dialog } from '../../app/handles.ts';
import type { Command } from '../../commands/command.ts';
import { runCommand } from '../../commands/keys.ts';
import { matching } from '../../commands/matching.ts';
import { commands } from '../../commands/registry.ts';
import { Icon } from '../../parts/icon.tsx';
import { Modal } from '../../parts/modal.tsx';
import { ShortcutCaps } from '../../parts/shortcut-caps.tsx';

/** Everything that can be done right now, by name. */
export function Palette() {
  const scene = useScene();
  const [words, setWords] = useState('');
  const [at, setAt] = useState(0);
  const list = useRef<HTMLDivElement>(null);
  const id = useId();
  const found = matching(commands.filter((command) => command.id !== 'palette' && command.when(scene)), words);
  const chosen = found[Math.min(at, found.length - 1)];

  const run = (command: Command | undefined) => {
    if (!command) return;
    dialog.set(null);
    // After the dialog has given the focus back, so that a command may move it.
    setTimeout(() => void runCommand(command, scene));
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (by && found.length > 0) {
      event.preventDefault();
      const next = (Math.min(at, found.length - 1) + by + found.length) % found.length;
      setAt(next);
      list.current?.children[next]?.scrollIntoView({ block: 'nearest' });
    } else if (event.key === 'Enter') {
      event.preventDefault();
      run(chosen);
    }
  };
  return (
    <Modal title="Run a command" isTitleHidden onClose={() => dialog.set(null)}>
      <div className="palette-find">
        <Icon name="find" />
        <input
          autoFocus
          role="combobox"
          aria-label="Command"
          aria-expanded="true"
          aria-controls={id}
          aria-activedescendant={chosen ? `${id}-${chosen.id}` : undefined}
          placeholder="What do you want to do?"
          value={words}
          onChange={(event) => (setWords(event.target.value), setAt(0))}
          onKeyDown={onKey}
        />
      </div>
      <div className="palette-list" id={id} role="listbox" aria-label="Commands" ref={list}>
        {found.map((command) => (
          <div
            key={command.id}
            id={`${id}-${command.id}`}
            role="option"
            aria-selected={command === chosen}
            onPointerMove={() => setAt(found.indexOf(command))}
            onClick={() => run(command)}
          >
            {command.label}
            <span className="hint">
              {command.group}
              <span aria-hidden="true">
                <ShortcutCaps command={command} />
              </span>
            </span>
          </div>
        ))}
      </div>
      <p role="status" className={found.length > 0 ? 'only-read' : 'empty'}>
        {found.length === 0 ? 'No such command here.' : `${found.length} commands`}
      </p>
    </Modal>
  );
}
