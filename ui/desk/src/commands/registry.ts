import { availability, palette, shortcuts, signOut, theme } from './desk.ts';
import type { Command } from './command.ts';
import { close } from './close.ts';
import { goTo } from './go.ts';
import { handBack } from './hand-back.ts';
import { next, previous } from './move.ts';
import { note } from './note.ts';
import { decline, takeBack, transfer } from './passing.ts';
import { reopen } from './reopen.ts';
import { reply } from './reply.ts';
import { search } from './search.ts';
import { send } from './send.ts';
import { resumeAll, stop } from './stop.ts';
import { tag } from './tag.ts';
import { takeOver } from './take-over.ts';
import { undoClose } from './undo-close.ts';

export const commands: readonly Command[] = [
  takeOver,
  reply,
  note,
  send,
  tag,
  transfer,
  decline,
  takeBack,
  handBack,
  close,
  undoClose,
  reopen,
  next,
  previous,
  stop,
  resumeAll,
  ...goTo,
  search,
  palette,
  shortcuts,
  availability,
  theme,
  signOut,
];

export function commandOf(id: string): Command {
  const found = commands.find((command) => command.id === id);
  if (!found) throw new Error(`No command ${id}: add it to commands/registry.ts.`);
  return found;
}
