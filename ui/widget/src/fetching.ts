/** The second part of the panel, fetched once; tried again when it is wanted and did not come. */
import { useEffect, useState } from 'preact/hooks';

export type Later = typeof import('./later.ts');

const TRY_AGAIN_MS = 4000;
let later: Later | null = null;
let coming: Promise<Later> | null = null;
let dress: (css: string) => void = () => {};

/** Where the style of the second part goes. */
export function dressWith(fn: (css: string) => void) {
  dress = fn;
}

export function fetchLater(): Promise<Later> {
  coming ??= import('./later.ts').then((found) => {
    dress(found.css);
    return (later = found);
  });
  coming.catch(() => (coming = null));
  return coming;
}

/** The second part, or null until it is there. */
export function useLater(): Later | null {
  const [found, setFound] = useState(later);
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    if (found) return;
    let timer = 0;
    fetchLater().then(setFound, () => (timer = setTimeout(() => setAttempt(attempt + 1), TRY_AGAIN_MS) as unknown as number));
    return () => clearTimeout(timer);
  }, [attempt]);
  return found;
}
