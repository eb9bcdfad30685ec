import { announce, undoable } from '../app/handles.ts';
import type { Command } from './command.ts';

export const undoClose: Command = {
  id: 'undo-close',
  label: 'Undo the closing',
  group: 'Conversation',
  shortcut: 'mod+z',
  when: () => undoable.get() !== null,
  run: async ({ actions }) => {
    const id = undoable.get()!;
    undoable.set(null);
    await actions.undoClosing(id);
    announce('The conversation is open again, as it was.');
  },
};
