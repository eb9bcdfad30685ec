import type { Command } from './command.ts';

const plain = (text: string) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();

/** Every word must start a word of the label; a label that begins with the words comes first. */
export function matching(all: readonly Command[], words: string): Command[] {
  const wanted = plain(words).split(/\s+/).filter(Boolean);
  const fits = (command: Command) => {
    const parts = plain(`${command.label} ${command.group}`).split(/[^\p{L}\p{N}]+/u);
    return wanted.every((word) => parts.some((part) => part.startsWith(word)));
  };
  const first = (command: Command) => (plain(command.label).startsWith(wanted.join(' ')) ? 0 : 1);
  return all.filter(fits).sort((one, other) => first(one) - first(other));
}
