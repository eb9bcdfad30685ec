import type { Command } from './command.ts';

export const reopen: Command = {
  id: 'reopen',
  label: 'Reopen',
  group: 'Conversation',
  shortcut: null,
  when: ({ row }) => Boolean(row?.closed_at),
  run: ({ row, actions }) => actions.reopen(row!.id),
};
