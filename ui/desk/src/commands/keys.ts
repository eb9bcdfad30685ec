import { useEffect, useRef } from 'react';
import { useScene } from '../app/desk.tsx';
import { dialog, lastTyped, trouble } from '../app/handles.ts';
import type { Command, Scene } from './command.ts';
import { commands } from './registry.ts';
import { pressedOf, shortcutOf } from './shortcut.ts';

const SECOND_KEY_MS = 1500;

const FIELD = 'input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable=true]';
/** What is pressed in the chat beside the desk is the customer's. A listener out here sees no field in it, only its host. */
const isInChat = (target: EventTarget | null) => target instanceof Element && target.closest('bothands-chat') !== null;
/** In a field this takes back what was typed. */
const FIELDS_OWN = 'mod+z';
const isField = (target: EventTarget | null) => target instanceof Element && target.closest(FIELD) !== null;

export async function runCommand(command: Command, scene: Scene): Promise<void> {
  trouble.set(null);
  try {
    await command.run(scene);
  } catch (error) {
    trouble.set(error instanceof Error ? error.message : String(error));
  }
}

/** Which command a pressed key means; `first` is the key pressed just before, for "g h". */
export function commandFor(pressed: string, first: string, scene: Scene): Command | null {
  const twice = first ? `${first} ${pressed}` : '';
  return (
    commands.find((command) => twice && shortcutOf(command) === twice && command.when(scene)) ??
    commands.find((command) => shortcutOf(command) === pressed && command.when(scene)) ??
    null
  );
}

export function useKeys(): void {
  const scene = useScene();
  const latest = useRef(scene);
  latest.current = scene;

  useEffect(() => {
    let first = '';
    let firstAt = 0;
    const onKey = (event: KeyboardEvent) => {
      if (isInChat(event.target)) return;
      if (isField(event.target)) lastTyped.set(Date.now());
      if (event.isComposing || event.defaultPrevented || event.repeat || dialog.get()) return;
      const pressed = pressedOf(event);
      if (isField(event.target) && (!pressed.startsWith('mod+') || pressed === FIELDS_OWN)) return;
      const before = Date.now() - firstAt < SECOND_KEY_MS ? first : '';
      const command = commandFor(pressed, before, latest.current);
      first = command ? '' : pressed;
      firstAt = Date.now();
      if (!command) return;
      event.preventDefault();
      void runCommand(command, latest.current);
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, []);
}
