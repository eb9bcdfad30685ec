import type { Scene } from './command.ts';

/** The open conversation is held by this agent and not closed. */
export const isMine = ({ row, me }: Scene) =>
  row !== null && !row.closed_at && row.holder.kind === 'agent' && row.holder.id === me.id;
