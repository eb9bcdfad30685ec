import { useState, type KeyboardEvent } from 'react';
import type { Command } from '../../commands/command.ts';
import { commands } from '../../commands/registry.ts';
import { bind, bindingsName, bindingsOf, pressedOf, shortcutOf } from '../../commands/shortcut.ts';
import { keep, useKept } from '../../data/kept.ts';
import { Box } from '../../parts/box.tsx';
import { Caps } from '../../parts/shortcut-caps.tsx';

/** Every key can be changed or switched off (WCAG 2.1.4). */
export function Shortcuts() {
  const own = bindingsOf(useKept(bindingsName));
  const taken = new Map(commands.map((command) => [shortcutOf(command, own), command]));
  return (
    <Box title="Shortcuts">
      <div className="row-acts">
        <button type="button" className="btn small" onClick={() => keep(bindingsName, JSON.stringify(singleKeysOff(own)))}>
          Switch all single keys off
        </button>
        <button type="button" className="btn small" onClick={() => keep(bindingsName, null)}>
          Back to the defaults
        </button>
      </div>
      <ul className="keys-grid">
        {commands.map((command) => (
          <li key={command.id}>
            <span>{command.label}</span>
            <KeyPicker command={command} shortcut={shortcutOf(command, own)} taken={taken} />
          </li>
        ))}
      </ul>
    </Box>
  );
}

const singleKeysOff = (own: Readonly<Record<string, string>>) => ({
  ...own,
  ...Object.fromEntries(commands.filter((command) => !shortcutOf(command, own).includes('mod+')).map((command) => [command.id, ''])),
});

interface KeyPickerProps {
  command: Command;
  shortcut: string;
  taken: ReadonlyMap<string, Command>;
}

function KeyPicker({ command, shortcut, taken }: KeyPickerProps) {
  const [isListening, setListening] = useState(false);
  const [refusal, setRefusal] = useState('');
  const onKey = (event: KeyboardEvent) => {
    if (!isListening || ['Shift', 'Control', 'Alt', 'Meta'].includes(event.key)) return;
    if (event.key === 'Tab') return setListening(false);
    event.preventDefault();
    event.stopPropagation();
    const pressed = pressedOf(event.nativeEvent);
    const other = taken.get(pressed);
    setListening(false);
    if (event.key === 'Escape') return;
    if (other && other.id !== command.id) setRefusal(`Taken by “${other.label}”.`);
    else (setRefusal(''), bind(command.id, pressed));
  };
  return (
    <span className="combo">
      {refusal && (
        <span role="alert" className="clock warn">
          {refusal}
        </span>
      )}
      <button
        type="button"
        className="btn small"
        onClick={() => setListening(!isListening)}
        onKeyDown={onKey}
        onBlur={() => setListening(false)}
      >
        <span className="only-read">{command.label}: </span>
        {isListening ? 'Press a key…' : shortcut ? <Caps shortcut={shortcut} /> : 'none'}
        <span className="only-read">, change</span>
      </button>
      {shortcut && (
        <button type="button" className="btn small quiet" onClick={() => bind(command.id, '')}>
          off<span className="only-read">: no key for {command.label}</span>
        </button>
      )}
    </span>
  );
}
