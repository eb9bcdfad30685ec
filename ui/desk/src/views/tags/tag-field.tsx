import type { Tag } from '@bothands/protocol';
import { useQuery } from '@tanstack/react-query';
import { useState, type KeyboardEvent } from 'react';
import { tagsQuery } from '../../data/search.ts';
import { useChoosing } from '../../parts/choosing.ts';

const OFFERED_MAX = 8;
const TAG_CHARS_MAX = 40;

const plain = (text: string) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().trim();

/** Known tags that begin with what is written, most used first; a name that no tag has is offered last, as a new one. */
export function offered(known: readonly { name: string; conversations: number }[], borne: readonly Tag[], words: string): string[] {
  const has = new Set(borne.map((tag) => plain(tag.name)));
  const fits = known
    .filter((tag) => plain(tag.name).startsWith(plain(words)) && !has.has(plain(tag.name)))
    .sort((one, other) => other.conversations - one.conversations)
    .slice(0, OFFERED_MAX)
    .map((tag) => tag.name);
  const isNew = words.trim() !== '' && !known.some((tag) => plain(tag.name) === plain(words)) && !has.has(plain(words));
  return isNew ? [...fits, words.trim()] : fits;
}

interface TagFieldProps {
  borne: readonly Tag[];
  onAdd: (name: string) => void;
  onClose: () => void;
}

export function TagField({ borne, onAdd, onClose }: TagFieldProps) {
  const known = useQuery(tagsQuery).data ?? [];
  const [words, setWords] = useState('');
  const names = offered(known, borne, words);
  const { chosen, choose, step, field, list, option } = useChoosing(names);
  const add = (name: string | undefined) => {
    if (!name) return;
    onAdd(name);
    setWords('');
    choose(0);
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'Enter') add(chosen);
    else if (event.key === 'Escape') onClose();
    else if (!step(event)) return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div className="tag-field" onBlur={(event) => !event.currentTarget.contains(event.relatedTarget) && onClose()}>
      <input
        autoFocus
        className="input"
        role="combobox"
        aria-label="Add a tag"
        aria-expanded={names.length > 0}
        {...field}
        placeholder="Tag"
        maxLength={TAG_CHARS_MAX}
        value={words}
        onChange={(event) => (setWords(event.target.value), choose(0))}
        onKeyDown={onKey}
      />
      <div {...list} aria-label="Tags" className="tag-offers" hidden={names.length === 0}>
        {names.map((name, place) => (
          <div key={name} {...option(place)} onPointerMove={() => choose(place)} onPointerDown={(event) => (event.preventDefault(), add(name))}>
            {known.some((tag) => tag.name === name) ? name : `New: ${name}`}
          </div>
        ))}
      </div>
    </div>
  );
}
