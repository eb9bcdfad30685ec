import { useSyncExternalStore } from 'react';

/** One small value that several places watch: no framework, no provider. */
export interface Cell<T> {
  get: () => T;
  set: (next: T | ((now: T) => T)) => void;
  watch: (listener: () => void) => () => void;
}

export function cell<T>(first: T): Cell<T> {
  let value = first;
  const listeners = new Set<() => void>();
  return {
    get: () => value,
    set: (next) => {
      const now = typeof next === 'function' ? (next as (now: T) => T)(value) : next;
      if (Object.is(now, value)) return;
      value = now;
      for (const listener of listeners) listener();
    },
    watch: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

export function useCell<T>(of: Cell<T>): T {
  return useSyncExternalStore(of.watch, of.get);
}
