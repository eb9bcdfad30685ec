import { useEffect, useMemo, useState } from 'react';
import { lastTyped } from '../../app/handles.ts';

const TYPING_HOLDS_MS = 4000;

/** True while the pointer rests over the list or somebody is typing. */
export function useIsHolding() {
  const [isOver, setOver] = useState(false);
  const isTyping = useIsTyping();
  const over = useMemo(
    () => ({
      onPointerEnter: (event: { pointerType: string }) => event.pointerType === 'mouse' && setOver(true),
      onPointerLeave: () => setOver(false),
    }),
    [],
  );
  return { isHolding: isOver || isTyping, over };
}

function useIsTyping(): boolean {
  const [isTyping, setTyping] = useState(false);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const off = lastTyped.watch(() => {
      setTyping(true);
      clearTimeout(timer);
      timer = setTimeout(() => setTyping(false), TYPING_HOLDS_MS);
    });
    return () => {
      off();
      clearTimeout(timer);
    };
  }, []);
  return isTyping;
}
