import { dialog } from '../app/handles.ts';
import type { Command } from './command.ts';
import { isMine } from './mine.ts';

export const handBack: Command = {
  id: 'hand-back',
  label: 'Hand back to AI',
  group: 'Conversation',
  shortcut: 'b',
  when: isMine,
  run: () => dialog.set('hand-back'),
};
