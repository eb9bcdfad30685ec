import type { Row } from '@bothands/protocol';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState, type KeyboardEvent, type RefObject } from 'react';
import { flushSync } from 'react-dom';
import { useDesk } from '../../app/desk.tsx';
import { announce } from '../../app/handles.ts';
import { receiversQuery } from '../../data/queries.ts';
import { useChoosing } from '../../parts/choosing.ts';
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
  const [caret, setCaret] = useState(0);
  const [left, setLeft] = useState<number | null>(null);
  const mentioned = useRef(new Map<string, string>());
  const begun = isNote ? begunAt(text, caret) : null;
  const people = useQuery({ ...receiversQuery(row.id), enabled: isNote && text.includes('@') }).data?.people;
  const others = people?.filter((one) => one.id !== me.id) ?? [];
  const offered = begun && begun.at !== left ? offeredColleagues(others, begun.words) : [];
  const { chosen: now, choose: point, step, field: pointing, list: listed, option } = useChoosing(offered);
  const isOpen = now !== undefined;

  useEffect(() => {
    if (isOpen) announce(`${offered.length === 1 ? '1 colleague' : `${offered.length} colleagues`}: arrow keys choose, Enter mentions.`);
  }, [isOpen, offered.length]);

  const choose = (one: Colleague) => {
    if (!begun) return;
    const next = withMention(text, begun.at, caret, one.name);
    mentioned.current.set(one.name, one.id);
    // At once, not a frame later: what is typed right after the key belongs behind the name.
    flushSync(() => (write(next.text), setCaret(next.caret)));
    field.current?.focus();
    field.current?.setSelectionRange(next.caret, next.caret);
    announce(`${one.name} is mentioned.`);
  };
  /** Whether the key was for the list. */
  const onKey = (event: KeyboardEvent): boolean => {
    if (!now || !begun || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return false;
    if (event.key === 'Enter' || event.key === 'Tab') choose(now);
    else if (event.key === 'Escape') setLeft(begun.at);
    else if (!step(event)) return false;
    event.preventDefault();
    event.stopPropagation();
    return true;
  };
  const onCaret = (to: number) => {
    setCaret(to);
    if (to === caret) return;
    point(0);
    if (begunAt(field.current?.value ?? '', to)?.at !== left) setLeft(null);
  };
  const list = now && (
    <div {...listed} aria-label="Colleagues" className="tag-offers mention-offers">
      {offered.map((one, place) => (
        <div key={one.id} {...option(place)} onPointerMove={() => point(place)} onPointerDown={(event) => (event.preventDefault(), choose(one))}>
          {one.name}
        </div>
      ))}
    </div>
  );
  const aria = isNote ? ({ 'aria-autocomplete': 'list', 'aria-haspopup': 'listbox', ...(now && pointing) } as const) : {};
  return { list, aria, onKey, onCaret, chosen: mentioned.current };
}
