import type { Command } from './command.ts';

export const takeOver: Command = {
  id: 'take-over',
  label: 'Take over',
  group: 'Conversation',
  shortcut: 't',
  when: ({ row, me }) => row !== null && !row.closed_at && !(row.holder.kind === 'agent' && row.holder.id === me.id),
  run: ({ row, actions }) => actions.takeOver(row!.id),
};
