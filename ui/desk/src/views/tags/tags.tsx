import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import { useDesk } from '../../app/desk.tsx';
import { announce, tagsHandle, trouble } from '../../app/handles.ts';
import { conversationQuery } from '../../data/queries.ts';
import { changeTags } from '../../data/search.ts';
import { Icon } from '../../parts/icon.tsx';
import { tagWords } from '../search/grouped.ts';
import { TagField } from './tag-field.tsx';

/** The tags of a conversation: each finds the others that bear it, and can be taken off. */
export function Tags({ id }: { id: string }) {
  const { place } = useDesk();
  const client = useQueryClient();
  const tags = useQuery(conversationQuery(id)).data?.tags ?? [];
  const [isOpen, setOpen] = useState(false);
  const opener = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    const handle = { open: () => flushSync(() => setOpen(true)) };
    tagsHandle.set(handle);
    return () => tagsHandle.set((now) => (now === handle ? null : now));
  }, []);
  const change = (what: Parameters<typeof changeTags>[2], words: string) =>
    void changeTags(client, id, what).then(() => announce(words), (error: Error) => trouble.set(error.message));
  const close = () => {
    flushSync(() => setOpen(false));
    opener.current?.focus();
  };
  return (
    <ul className="tags" aria-label="Tags">
      {tags.map((tag) => (
        <li key={tag.id} className="tag-chip">
          <button type="button" onClick={() => place.find?.(tagWords(tag.name))} aria-label={`Find all with the tag ${tag.name}`}>
            {tag.name}
          </button>
          <button type="button" className="tag-off" aria-label={`Take the tag ${tag.name} off`} onClick={() => (change({ remove: tag.id }, `The tag ${tag.name} is off.`), opener.current?.focus())}>
            <Icon name="close" />
          </button>
        </li>
      ))}
      <li>
        {isOpen ? (
          <TagField
            borne={tags}
            onAdd={(name) => change({ add: name }, `The tag ${name} is on.`)}
            onClose={close}
          />
        ) : (
          <button ref={opener} type="button" className="tag-chip add" aria-keyshortcuts="l" onClick={() => setOpen(true)}>
            + Tag
          </button>
        )}
      </li>
    </ul>
  );
}
