import type { TagCount } from '@bothands/protocol';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useDesk } from '../../app/desk.tsx';
import { trouble } from '../../app/handles.ts';
import { may } from '../../commands/command.ts';
import { deleteTag, renameTag, tagsQuery } from '../../data/search.ts';
import { tagWords } from '../search/grouped.ts';

/** All tags with their counts; leads rename and delete them here. */
export function TagBox() {
  const { me } = useDesk();
  const tags = useQuery(tagsQuery).data ?? [];
  const [isEditing, setEditing] = useState(false);
  const mayEdit = may(me, 'tags.write');
  return (
    <section className="box">
      <div className="row-acts">
        <h2>Tags</h2>
        <span className="grow" />
        {mayEdit && tags.length > 0 && (
          <button type="button" className="btn small" aria-pressed={isEditing} onClick={() => setEditing(!isEditing)}>
            {isEditing ? 'Done' : 'Rename or delete'}
          </button>
        )}
      </div>
      {tags.length === 0 && <p className="mut">No conversation bears a tag yet. Press L in a conversation to put one on.</p>}
      {isEditing ? (
        <ul className="tag-edits">{tags.map((tag) => <TagEdit key={tag.id} tag={tag} />)}</ul>
      ) : (
        <ul className="tag-list">{tags.map((tag) => <TagLink key={tag.id} tag={tag} />)}</ul>
      )}
    </section>
  );
}

function TagLink({ tag }: { tag: TagCount }) {
  const { place } = useDesk();
  return (
    <li>
      <button type="button" className="tag-chip" onClick={() => place.find?.(tagWords(tag.name))}>
        {tag.name} <b>{tag.conversations}</b>
      </button>
    </li>
  );
}

function TagEdit({ tag }: { tag: TagCount }) {
  const client = useQueryClient();
  const [name, setName] = useState(tag.name);
  const [isSure, setSure] = useState(false);
  const act = (what: Promise<void>) => void what.catch((error: Error) => trouble.set(error.message));
  return (
    <li className="row-acts">
      <input className="input" aria-label={`Name of the tag ${tag.name}`} maxLength={40} value={name} onChange={(event) => setName(event.target.value)} />
      <button type="button" className="btn" disabled={!name.trim() || name.trim() === tag.name} onClick={() => act(renameTag(client, tag.id, name))}>
        Rename<span className="only-read"> {tag.name}</span>
      </button>
      <button type="button" className={isSure ? 'btn danger' : 'btn'} onClick={() => (isSure ? act(deleteTag(client, tag.id)) : setSure(true))}>
        {isSure ? `Take it off ${tag.conversations === 1 ? '1 conversation' : `${tag.conversations} conversations`}` : 'Delete'}
        <span className="only-read"> {tag.name}</span>
      </button>
    </li>
  );
}
