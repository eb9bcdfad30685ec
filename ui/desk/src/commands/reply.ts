import { composerHandle } from '../app/handles.ts';
import type { Command } from './command.ts';
import { isMine } from './mine.ts';

export const reply: Command = {
  id: 'reply',
  label: 'Write a reply',
  group: 'Conversation',
  shortcut: 'r',
  when: isMine,
  run: () => composerHandle.get()?.focus('reply'),
};
