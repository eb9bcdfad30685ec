import { dialog } from '../app/handles.ts';
import type { Command } from './command.ts';
import { isMine } from './mine.ts';

export const close: Command = {
  id: 'close',
  label: 'Close',
  group: 'Conversation',
  shortcut: 'e',
  when: isMine,
  run: () => dialog.set('close'),
};
