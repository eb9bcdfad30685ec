import type { Row } from '@bothands/protocol';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useId, useRef, useState, type KeyboardEvent, type RefObject } from 'react';
import { flushSync } from 'react-dom';
import { useDesk } from '../../app/desk.tsx';
import { announce } from '../../app/handles.ts';
import { receiversQuery } from '../../data/queries.ts';
import { begunAt, offeredColleagues, withMention, type Colleague } from './mentioning.ts';

interface MentionListProps {
  row: Row;
  isNote: boolean;
  text: string;
  field: RefObject<HTMLTextAreaElement | null>;
  write: (text: string) => void;
}

/** @ in a note offers colleagues: arrows choose, Enter or Tab puts the name in, Escape closes. */
export function useMentionList({ row, isNote, text, field, write }: MentionListProps) {
  const { me } = useDesk();
  const id = useId();
  const [caret, setCaret] = useState(0);
  const [at, setAt] = useState(0);
  const [left, setLeft] = useState<number | null>(null);
  const chosen = useRef(new Map<string, string>());
  const begun = isNote ? begunAt(text, caret) : null;
  const people = useQuery({ ...receiversQuery(row.id), enabled: isNote && text.includes('@') }).data?.people;
  const others = people?.filter((one) => one.id !== me.id) ?? [];
  const offered = begun && begun.at !== left ? offeredColleagues(others, begun.words) : [];
  const now = offered[Math.min(at, offered.length - 1)];
  const isOpen = now !== undefined;

  useEffect(() => {
    if (isOpen) announce(`${offered.length === 1 ? '1 colleague' : `${offered.length} colleagues`}: arrow keys choose, Enter mentions.`);
  }, [isOpen, offered.length]);

  const choose = (one: Colleague) => {
    if (!begun) return;
    const next = withMention(text, begun.at, caret, one.name);
    chosen.current.set(one.name, one.id);
    // At once, not a frame later: what is typed right after the key belongs behind the name.
    flushSync(() => (write(next.text), setCaret(next.caret)));
    field.current?.focus();
    field.current?.setSelectionRange(next.caret, next.caret);
    announce(`${one.name} is mentioned.`);
  };
  /** Whether the key was for the list. */
  const onKey = (event: KeyboardEvent): boolean => {
    if (!now || !begun || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return false;
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (by) setAt((offered.indexOf(now) + by + offered.length) % offered.length);
    else if (event.key === 'Enter' || event.key === 'Tab') choose(now);
    else if (event.key === 'Escape') setLeft(begun.at);
    else return false;
    event.preventDefault();
    event.stopPropagation();
    return true;
  };
  const onCaret = (to: number) => {
    setCaret(to);
    if (to === caret) return;
    setAt(0);
    if (begunAt(field.current?.value ?? '', to)?.at !== left) setLeft(null);
  };
  const list = now && (
    <div role="listbox" id={id} aria-label="Colleagues" className="tag-offers mention-offers">
      {offered.map((one, index) => (
        <div
          key={one.id}
          id={`${id}-${index}`}
          role="option"
          aria-selected={one === now}
          onPointerMove={() => setAt(index)}
          onPointerDown={(event) => (event.preventDefault(), choose(one))}
        >
          {one.name}
        </div>
      ))}
    </div>
  );
  const aria = isNote
    ? ({ 'aria-autocomplete': 'list', 'aria-haspopup': 'listbox', 'aria-controls': now && id, 'aria-activedescendant': now && `${id}-${offered.indexOf(now)}` } as const)
    : {};
  return { list, aria, onKey, onCaret, chosen: chosen.current };
}
