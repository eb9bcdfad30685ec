import { composerHandle } from '../app/handles.ts';
import type { Command } from './command.ts';

export const note: Command = {
  id: 'note',
  label: 'Write an internal note',
  group: 'Conversation',
  shortcut: 'n',
  when: ({ row }) => row !== null,
  run: () => composerHandle.get()?.focus('note'),
};
