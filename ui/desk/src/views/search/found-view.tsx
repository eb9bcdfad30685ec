import type { Hit, Row } from '@bothands/protocol';
import { useDesk } from '../../app/desk.tsx';
import { foundEntry } from '../../app/handles.ts';
import { whenOf } from '../../data/times.ts';
import { useNow } from '../../data/ticking.ts';
import { Icon } from '../../parts/icon.tsx';
import type { Found } from './grouped.ts';
import { MarkedText } from './marked-text.tsx';

/** A conversation, with the places in it that were found. */
export function FoundView({ found: { row, hits, more } }: { found: Found }) {
  return (
    <li className="box found-one">
      <header>
        <h2 className="one-line">{row.contact.name}</h2>
        <HolderTag row={row} />
      </header>
      <p className="mut one-line">{row.subject}</p>
      <ul>
        {hits.map((hit) => (
          <li key={`${hit.what} ${hit.seq}`}>
            <HitLink hit={hit} />
          </li>
        ))}
      </ul>
      {more > 0 && <p className="mut">and {more} more in this conversation</p>}
    </li>
  );
}

function HitLink({ hit }: { hit: Hit }) {
  const { place } = useDesk();
  const now = useNow();
  const view = hit.row.closed_at ? 'closed' : 'open';
  return (
    <a
      href={place.hrefOf(view, hit.row.id)}
      onClick={(event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey) return;
        event.preventDefault();
        foundEntry.set(hit.seq === null ? null : { id: hit.row.id, seq: hit.seq });
        place.open(view, hit.row.id);
      }}
    >
      <span className="mut found-by">
        {hit.what === 'note' && <Icon name="file" />}
        {byOf(hit)}
        {hit.at && <time dateTime={hit.at}>{whenOf(hit.at, now)}</time>}
      </span>
      <span dir="auto">
        <MarkedText text={hit.text} marks={hit.marks} />
      </span>
    </a>
  );
}

function byOf(hit: Hit): string {
  if (hit.what === 'contact') return 'Contact';
  if (hit.what === 'tags') return 'Tags';
  const by = hit.author_kind === 'assistant' ? 'AI assistant' : hit.author_kind === 'contact' ? hit.row.contact.name : (hit.author_name ?? 'The desk');
  return hit.what === 'note' ? `Note, ${by}` : by;
}

function HolderTag({ row }: { row: Row }) {
  if (row.closed_at) return <span className="tag">Closed</span>;
  if (row.holder.kind === 'assistant') return <span className="tag ai">AI</span>;
  return <span className="tag hu">{row.holder.kind === 'queue' ? 'waits' : row.holder.name}</span>;
}
