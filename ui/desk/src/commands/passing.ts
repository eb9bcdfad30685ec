import { dialog } from '../app/handles.ts';
import type { Command, Scene } from './command.ts';
import { isMine } from './mine.ts';

/** Leads may step into what colleagues have. */
const isAnothers = ({ row, me }: Scene) =>
  row !== null && !row.closed_at && row.holder.kind === 'agent' && row.holder.id !== me.id && me.role !== 'agent';

/** A colleague has it and offers it to this agent, or to a team of theirs. */
export const isOfferedToMe = ({ row, me }: Scene) =>
  Boolean(row?.assigned?.lapses_at && row.assigned.is_yours && row.holder.id !== me.id && !row.closed_at);

const isWaiting = ({ row }: Scene) => row !== null && !row.closed_at && row.holder.kind === 'queue';

export const transfer: Command = {
  id: 'transfer',
  label: 'Transfer or assign…',
  group: 'Conversation',
  shortcut: 'f',
  when: (scene) => isWaiting(scene) || isMine(scene) || (isAnothers(scene) && !isOfferedToMe(scene)),
  run: () => dialog.set('transfer'),
};

export const decline: Command = {
  id: 'decline',
  label: 'Decline the offer',
  group: 'Conversation',
  shortcut: null,
  when: isOfferedToMe,
  run: ({ row, actions }) => actions.unassign(row!.id),
};

export const takeBack: Command = {
  id: 'take-back',
  label: 'Take the offer back',
  group: 'Conversation',
  shortcut: null,
  when: (scene) => isMine(scene) && Boolean(scene.row?.assigned),
  run: ({ row, actions }) => actions.unassign(row!.id),
};
