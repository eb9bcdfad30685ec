import { lazy, Suspense, useEffect } from 'react';
import { dialog } from '../../app/handles.ts';
import { useCell } from '../../data/cell.ts';

const AFTER_FIRST_PAINT_MS = 1200;

const load = () => import('./opened.tsx');
const Opened = lazy(load);

/** Dialogs are fetched right after the first paint: not before it, and not only when one is asked for. */
export function Dialogs() {
  const name = useCell(dialog);
  useEffect(() => {
    const timer = setTimeout(() => void load(), AFTER_FIRST_PAINT_MS);
    return () => clearTimeout(timer);
  }, []);
  return name && <Suspense fallback={null}><Opened name={name} /></Suspense>;
}
