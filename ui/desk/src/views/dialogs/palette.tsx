import { useState, type KeyboardEvent } from 'react';
import { useScene } from '../../app/desk.tsx';
import { dialog } from '../../app/handles.ts';
import type { Command } from '../../commands/command.ts';
import { runCommand } from '../../commands/keys.ts';
import { matching } from '../../commands/matching.ts';
import { commands } from '../../commands/registry.ts';
import { useChoosing } from '../../parts/choosing.ts';
import { Icon } from '../../parts/icon.tsx';
import { Modal } from '../../parts/modal.tsx';
import { ShortcutCaps } from '../../parts/shortcut-caps.tsx';

/** Everything that can be done right now, by name. */
export function Palette() {
  const scene = useScene();
  const [words, setWords] = useState('');
  const found = matching(commands.filter((command) => command.id !== 'palette' && command.when(scene)), words);
  const { chosen, choose, step, field, list, option } = useChoosing(found);

  const run = (command: Command | undefined) => {
    if (!command) return;
    dialog.set(null);
    // After the dialog has given the focus back, so that a command may move it.
    setTimeout(() => void runCommand(command, scene));
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'Enter') run(chosen);
    else if (!step(event)) return;
    event.preventDefault();
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
          {...field}
          placeholder="What do you want to do?"
          value={words}
          onChange={(event) => (setWords(event.target.value), choose(0))}
          onKeyDown={onKey}
        />
      </div>
      <div className="palette-list" {...list} aria-label="Commands">
        {found.map((command, place) => (
          <div key={command.id} {...option(place)} onPointerMove={() => choose(place)} onClick={() => run(command)}>
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
