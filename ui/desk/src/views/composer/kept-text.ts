import type { Unsent } from '@bothands/protocol';
import { useQuery } from '@tanstack/react-query';
import { useCallback, useEffect, useState } from 'react';
import type { Mode } from '../../app/handles.ts';
import { keepHere, keepThere, later, nameOf, textOf, unsentQuery } from '../../data/unsent.ts';

const MODES: Mode[] = ['reply', 'note'];

/** What is being written, kept over reloads and changes of conversation, and of device. */
export function useKeptText(conversationId: string, mode: Mode): [string, (text: string) => void] {
  const name = nameOf(conversationId, mode);
  const [state, setState] = useState({ name, text: textOf(name) });
  // Another conversation or mode: its own text, in the same breath.
  const now = state.name === name ? state : { name, text: textOf(name) };
  const write = useCallback(
    (text: string) => {
      keepHere(name, text, new Date().toISOString());
      keepThere(conversationId, mode);
      setState({ name, text });
    },
    [name, conversationId, mode],
  );
  const unsent = useQuery(unsentQuery(conversationId)).data;
  useEffect(() => {
    if (!unsent) return;
    for (const each of MODES) takeUp(conversationId, each, unsent.find((one) => one.mode === each));
    setState({ name, text: textOf(name) });
    // Once per answer: what is written meanwhile is later than any of them.
  }, [unsent]);
  return [now.text, write];
}

/** Go on with what was written later elsewhere; what was written later here goes up. */
function takeUp(conversationId: string, mode: Mode, theirs: Unsent | undefined): void {
  const name = nameOf(conversationId, mode);
  const which = theirs ? later(name, theirs) : textOf(name) === '' ? 'same' : 'here';
  if (which === 'there') keepHere(name, theirs!.text, theirs!.written_at);
  else if (which === 'here') keepThere(conversationId, mode);
}
