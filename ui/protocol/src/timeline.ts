/** Pure steps on the list of entries, shared by widget and desk. */
import type { Entry } from './wire.ts';

/** Both lists as one, in order, each seq once; the later copy of an entry wins. */
export function mergeEntries(known: readonly Entry[], fresh: readonly Entry[]): Entry[] {
  if (fresh.length === 0) return known as Entry[];
  const last = known.at(-1)?.seq ?? -1;
  const isAppend = fresh.every((entry, i) => entry.seq > (i === 0 ? last : fresh[i - 1]!.seq));
  if (isAppend) return [...known, ...fresh];
  const bySeq = new Map<number, Entry>();
  for (const entry of known) bySeq.set(entry.seq, entry);
  for (const entry of fresh) bySeq.set(entry.seq, entry);
  return [...bySeq.values()].sort((a, b) => a.seq - b.seq);
}

/** The highest seq seen; 0 when nothing is there. */
export function lastSeq(entries: readonly Entry[]): number {
  return entries.at(-1)?.seq ?? 0;
}

export type BodyPart = { text: string } | { source: number } | { link: string };

const MARKERS = /\[(\d{1,2})\]|(https?:\/\/[^\s<>"')\]]*[^\s<>"')\].,;:!?])/g;

/** A message body cut at its source markers [1] and its links. */
export function bodyParts(body: string): BodyPart[] {
  const parts: BodyPart[] = [];
  let from = 0;
  for (const match of body.matchAll(MARKERS)) {
    let text = body.slice(from, match.index);
    // A marker clings to the word before it.
    if (match[1]) text = text.replace(/ $/, '');
    if (text) parts.push({ text });
    parts.push(match[1] ? { source: Number(match[1]) } : { link: match[2]! });
    from = match.index + match[0].length;
  }
  if (from < body.length) parts.push({ text: body.slice(from) });
  return parts;
}

/** A link only when it leads to a page: never javascript:, data: or the like. */
export function safeLink(url: string | null | undefined, base: string): string | null {
  if (!url) return null;
  try {
    const resolved = new URL(url, base);
    return resolved.protocol === 'https:' || resolved.protocol === 'http:' ? resolved.href : null;
  } catch {
    return null;
  }
}
