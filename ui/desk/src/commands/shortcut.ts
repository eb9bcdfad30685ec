import { keep, kept } from '../data/kept.ts';
import type { Command } from './command.ts';

/** A shortcut as text: "t", "mod+Enter", "g h" (one after the other), "" = switched off. */
export type Bindings = Readonly<Record<string, string>>;

const NAME = 'shortcuts';

export function bindingsOf(text: string | null): Bindings {
  try {
    const value: unknown = JSON.parse(text ?? '{}');
    return value && typeof value === 'object' ? (value as Bindings) : {};
  } catch {
    return {};
  }
}

export const ownBindings = () => bindingsOf(kept(NAME));
export const bindingsName = NAME;

export function bind(id: string, shortcut: string | null): void {
  const { [id]: _, ...rest } = ownBindings();
  keep(NAME, JSON.stringify(shortcut === null ? rest : { ...rest, [id]: shortcut }));
}

export const shortcutOf = (command: Command, own: Bindings = ownBindings()): string =>
  own[command.id] ?? command.shortcut ?? '';

/** The pressed key as text. By `event.key`, so every keyboard layout says what its keys say. */
export function pressedOf(event: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>): string {
  const isLetter = /^\p{L}$/u.test(event.key);
  const isNamed = event.key.length > 1;
  const parts: string[] = [];
  if (event.ctrlKey || event.metaKey) parts.push('mod');
  if (event.altKey) parts.push('alt');
  if (event.shiftKey && (isLetter || isNamed)) parts.push('shift');
  parts.push(isLetter ? event.key.toLowerCase() : event.key);
  return parts.join('+');
}

const IS_MAC = typeof navigator !== 'undefined' && /mac|iphone|ipad/i.test(navigator.platform ?? '');

/** Keys as they stand on a key cap. */
export function capsOf(shortcut: string): string[] {
  return shortcut
    .split(' ')
    .filter(Boolean)
    .map((combo) =>
      combo
        .split('+')
        .map((part) => CAPS[part] ?? (part.length === 1 ? part.toUpperCase() : part))
        .join(' '),
    );
}

const CAPS: Record<string, string> = { mod: IS_MAC ? '⌘' : 'Ctrl', Enter: '↵', shift: 'Shift', alt: 'Alt', Escape: 'Esc' };
