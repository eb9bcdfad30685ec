import { bindingsName, bindingsOf, capsOf, shortcutOf } from '../commands/shortcut.ts';
import type { Command } from '../commands/command.ts';
import { useKept } from '../data/kept.ts';

export function Caps({ shortcut }: { shortcut: string }) {
  return capsOf(shortcut).map((cap) => <kbd key={cap}>{cap}</kbd>);
}

export function ShortcutCaps({ command }: { command: Command }) {
  const own = bindingsOf(useKept(bindingsName));
  const shortcut = shortcutOf(command, own);
  return shortcut ? <Caps shortcut={shortcut} /> : null;
}

export function useShortcut(command: Command): string {
  return shortcutOf(command, bindingsOf(useKept(bindingsName)));
}
