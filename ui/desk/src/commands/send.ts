import { composerHandle } from '../app/handles.ts';
import type { Command } from './command.ts';

export const send: Command = {
  id: 'send',
  label: 'Send',
  group: 'Conversation',
  shortcut: 'mod+Enter',
  when: ({ row }) => row !== null,
  run: () => composerHandle.get()?.send(),
};
