/**
 * What was said and is not yet stored, kept over reloads and shared by the tabs of one visitor.
 * One storage key per message: tabs add and remove without ever rewriting each other's list.
 */
import type { Outgoing } from './visit.ts';

export const OUTBOX_MESSAGES_MAX = 50;

export type Shelf = Pick<Storage, 'getItem' | 'setItem' | 'removeItem' | 'key' | 'length'>;

export interface Outbox {
  /** False when it could not be kept (full, or storage is forbidden): it then lives in this tab only. */
  put(outgoing: Outgoing): boolean;
  remove(clientId: string): void;
  all(): Outgoing[];
  /** The client_id behind a changed storage key; null for a key that is not of this outbox. */
  idOf(key: string | null): string | null;
}

export function openOutbox(shelf: Shelf, inbox: string): Outbox {
  const prefix = `bothands:${inbox}:out:`;
  const read = (key: string): Outgoing | null => {
    try {
      const found = JSON.parse(shelf.getItem(key) ?? 'null') as Outgoing | null;
      return found && typeof found.text === 'string' && key === prefix + found.client_id ? found : null;
    } catch {
      return null;
    }
  };
  const keys = () =>
    Array.from({ length: shelf.length }, (_, i) => shelf.key(i)).filter((key) => key?.startsWith(prefix)) as string[];
  return {
    put(outgoing) {
      try {
        if (keys().length >= OUTBOX_MESSAGES_MAX) return false;
        shelf.setItem(prefix + outgoing.client_id, JSON.stringify(outgoing));
        return true;
      } catch {
        return false;
      }
    },
    remove: (clientId) => shelf.removeItem(prefix + clientId),
    all: () =>
      keys()
        .map(read)
        .filter((one) => one !== null)
        .sort((a, b) => a.at.localeCompare(b.at)),
    idOf: (key) => (key?.startsWith(prefix) ? key.slice(prefix.length) : null),
  };
}

/** The browser's shelf, or one in memory where storage is forbidden. */
export function openShelf(pick: () => Storage): Shelf {
  try {
    const shelf = pick();
    shelf.setItem('bothands:probe', '1');
    shelf.removeItem('bothands:probe');
    return shelf;
  } catch {
    const kept = new Map<string, string>();
    return {
      get length() {
        return kept.size;
      },
      key: (i) => [...kept.keys()][i] ?? null,
      getItem: (key) => kept.get(key) ?? null,
      setItem: (key, value) => void kept.set(key, value),
      removeItem: (key) => void kept.delete(key),
    };
  }
}
