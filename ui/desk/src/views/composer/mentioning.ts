import type { Receiver } from '@bothands/protocol';

export type Colleague = Pick<Receiver, 'id' | 'name'>;

const OFFERED_MAX = 6;

const plain = (text: string) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();

/** The @ that is being written before the caret, and what follows it so far. */
export function begunAt(text: string, caret: number): { at: number; words: string } | null {
  const found = /(?<![\p{L}\p{N}_])@([^\n@]{0,40})$/u.exec(text.slice(0, caret));
  return found && { at: found.index, words: found[1]! };
}

/** Colleagues one of whose names begins with the words. */
export function offeredColleagues(people: readonly Colleague[], words: string): Colleague[] {
  const begun = plain(words);
  return people.filter(({ name }) => plain(name).startsWith(begun) || plain(name).split(/\s+/).some((part) => part.startsWith(begun))).slice(0, OFFERED_MAX);
}

export function withMention(text: string, at: number, caret: number, name: string): { text: string; caret: number } {
  const put = `${text.slice(0, at)}@${name}`;
  const rest = text.slice(caret);
  return { text: put + (/^\s/.test(rest) ? rest : ` ${rest}`), caret: put.length + 1 };
}

/** Whom the text names, the longer name first: the @Bo in "@Bo Lind" is nobody else's. `chosen`: ids by name. */
export function mentionsIn(text: string, people: readonly Colleague[], chosen: ReadonlyMap<string, string>): string[] {
  let rest = text;
  const found: string[] = [];
  for (const name of new Set(people.map((one) => one.name).sort((one, other) => other.length - one.length))) {
    const wanted = new RegExp(`(?<![\\p{L}\\p{N}_])@${escaped(name)}(?![\\p{L}\\p{N}_])`, 'gu');
    if (!wanted.test(rest)) continue;
    rest = rest.replace(wanted, ' ');
    const named = people.filter((one) => one.name === name);
    found.push((named.find((one) => one.id === chosen.get(name)) ?? named[0]!).id);
  }
  return found;
}

const escaped = (name: string) => name.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
