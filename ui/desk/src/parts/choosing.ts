import { useId, useState, type KeyboardEvent } from 'react';

/** Options under a field: the arrow keys choose among them while the focus stays in the field. */
export function useChoosing<Option>(options: readonly Option[]) {
  const id = useId();
  const [at, setAt] = useState(0);
  const place = Math.min(at, options.length - 1);
  const chosen = options[place];
  /** Whether the key chose another option. */
  const step = (event: KeyboardEvent): boolean => {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!by || options.length === 0) return false;
    const next = (place + by + options.length) % options.length;
    setAt(next);
    document.getElementById(`${id}-${next}`)?.scrollIntoView({ block: 'nearest' });
    return true;
  };
  const field = { 'aria-controls': id, 'aria-activedescendant': chosen === undefined ? undefined : `${id}-${place}` };
  const list = { id, role: 'listbox' };
  const option = (of: number) => ({ id: `${id}-${of}`, role: 'option', 'aria-selected': of === place });
  return { chosen, choose: setAt, step, field, list, option };
}
