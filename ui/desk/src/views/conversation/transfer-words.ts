import type { Party, TransferEntry } from '@bothands/protocol';
import { clockOf } from '../../data/times.ts';

const isAi = (party: Party) => party.kind === 'assistant';
const nameOf = (party: Party, meId: string) => (party.id === meId ? 'you' : (party.name ?? 'a colleague'));

/** One line of plain words for who had the conversation and who has it now. */
export function transferWords(entry: TransferEntry, meId: string): string {
  const { from, to } = entry.ref;
  const at = clockOf(entry.at);
  if (to.kind === 'queue') return isAi(from) ? `AI asked for a person at ${at}` : `Back in the queue at ${at}`;
  if (isAi(to)) return `Handed back to the AI by ${nameOf(from, meId)} at ${at}`;
  if (to.id === meId) return `You took over at ${at}`;
  return `${capital(nameOf(to, meId))} took over at ${at}`;
}

const capital = (words: string) => words.charAt(0).toUpperCase() + words.slice(1);
