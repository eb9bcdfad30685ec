import type { Hit, Row } from '@bothands/protocol';

const HITS_SHOWN_MAX = 3;

export interface Found {
  row: Row;
  hits: Hit[];
  more: number;
}

/** What was found, by conversation, in the order of each one's newest hit. */
export function grouped(hits: readonly Hit[]): Found[] {
  const byId = new Map<string, Found>();
  for (const hit of hits) {
    const found = byId.get(hit.row.id) ?? { row: hit.row, hits: [], more: 0 };
    byId.set(hit.row.id, found);
    if (found.hits.length < HITS_SHOWN_MAX) found.hits.push(hit);
    else found.more += 1;
  }
  return [...byId.values()];
}

/** `tag:vip`, or `tag:"very urgent"`. */
export const tagWords = (name: string) => (/^[\p{L}\p{N}_-]+$/u.test(name) ? `tag:${name}` : `tag:"${name}"`);
