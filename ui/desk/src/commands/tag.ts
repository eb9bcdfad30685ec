import { tagsHandle } from '../app/handles.ts';
import type { Command } from './command.ts';

export const tag: Command = {
  id: 'tag',
  label: 'Add a tag',
  group: 'Conversation',
  shortcut: 'l',
  when: ({ row, isReduced }) => row !== null && !isReduced,
  run: () => tagsHandle.get()?.open(),
};
