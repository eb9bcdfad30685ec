/** A value kept in local storage, shared by every place that shows it. Storage may be forbidden: then it lives in memory. */
import { useSyncExternalStore } from 'react';

const memory = new Map<string, string>();
const listeners = new Set<() => void>();
const PREFIX = 'bothands:';

export function kept(name: string): string | null {
  const key = PREFIX + name;
  if (memory.has(key)) return memory.get(key) ?? null;
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

export function keep(name: string, value: string | null): void {
  const key = PREFIX + name;
  try {
    if (value === null) localStorage.removeItem(key);
    else localStorage.setItem(key, value);
    memory.delete(key);
  } catch {
    if (value === null) memory.delete(key);
    else memory.set(key, value);
  }
  for (const listener of listeners) listener();
}

export function watchKept(listener: () => void): () => void {
  listeners.add(listener);
  globalThis.addEventListener?.('storage', listener);
  return () => {
    listeners.delete(listener);
    globalThis.removeEventListener?.('storage', listener);
  };
}

export function useKept(name: string): string | null {
  return useSyncExternalStore(watchKept, () => kept(name));
}
