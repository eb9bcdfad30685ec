import type { Row } from '@bothands/protocol';
import { memo } from 'react';
import { Sparkline } from '../../parts/sparkline.tsx';
import { isReplyDue, type GroupName } from './grouping.ts';
import { Waited } from './waited.tsx';

interface RowLinkProps {
  row: Row;
  group: GroupName;
  href: string;
  isOpen: boolean;
  isTabStop: boolean;
  isMine: boolean;
  marksSimulated: boolean;
  onOpen: (id: string) => void;
  onTouch: (id: string) => void;
}

export const RowLink = memo(function RowLink(props: RowLinkProps) {
  const { row, group, href, isOpen, isTabStop, marksSimulated, onOpen, onTouch } = props;
  return (
    <a
      className={group === 'pinned' ? 'row you' : 'row'}
      href={href}
      data-row={row.id}
      aria-current={isOpen ? 'true' : undefined}
      tabIndex={isTabStop ? 0 : -1}
      onFocus={() => onTouch(row.id)}
      onPointerEnter={() => onTouch(row.id)}
      onClick={(event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey) return;
        event.preventDefault();
        onOpen(row.id);
      }}
    >
      <strong>
        {group === 'pinned' && marksSimulated ? 'You' : <span className="one-line">{row.contact.name}</span>}
        {group === 'pinned' && <span className="tag hu">real</span>}
        {marksSimulated && row.is_simulated && <span className="hatch" role="img" aria-label="simulated" />}
      </strong>
      <Corner row={row} />
      <span className="what one-line" dir="auto">{row.subject || row.preview || 'No message yet'}</span>
      <span className="meta">
        <AssignedTag row={row} />
        <span className="one-line">{metaOf(row, props.isMine)}</span>
        <Sparkline trend={row.mood.trend} />
      </span>
    </a>
  );
});

function Corner({ row }: { row: Row }) {
  if (row.closed_at) return <span className="tag">Closed</span>;
  if (row.holder.kind === 'assistant') return <span className="tag ai">AI</span>;
  if (row.waiting_since) return <Waited since={row.waiting_since} />;
  return <span className="tag hu">{row.holder.kind === 'queue' ? 'waits' : row.holder.name.split(' ')[0]}</span>;
}

/** Whom it is meant for, or who offers it. */
function AssignedTag({ row }: { row: Row }) {
  if (!row.assigned || row.closed_at) return null;
  const { is_yours: isYours, lapses_at: isOffer, kind, name, by_name: byName } = row.assigned;
  const first = kind === 'team' ? name : name.split(' ')[0];
  const words = isOffer ? (isYours ? `${byName.split(' ')[0]} offers it` : `offered to ${first}`) : isYours && kind === 'agent' ? 'for you' : `for ${first}`;
  return <span className={isYours ? 'tag hu' : 'tag'}>{words}</span>;
}

export function metaOf(row: Row, isMine: boolean): string {
  const mood = row.mood.label && row.mood.label !== 'neutral' ? moodWord(row.mood.label) : 'calm';
  return `${stateOf(row, isMine)} · ${mood}`;
}

function stateOf(row: Row, isMine: boolean): string {
  if (row.closed_at) return row.reason?.words ?? 'closed';
  if (row.holder.kind === 'queue') return row.reason?.words ?? 'waits for a person';
  if (row.holder.kind === 'assistant') return 'AI answers';
  if (!isMine) return `with ${row.holder.name}`;
  return isReplyDue(row) ? 'your reply due' : 'your turn done';
}

const MOODS: Record<string, string> = {
  anger: 'angry',
  frustration: 'frustrated',
  worry: 'worried',
  sadness: 'sad',
  confusion: 'unsure',
  gratitude: 'grateful',
  neutral: 'calm',
};

export const moodWord = (label: string) => MOODS[label] ?? label;
