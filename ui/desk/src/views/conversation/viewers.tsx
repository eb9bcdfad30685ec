import type { Viewer } from '@bothands/protocol';
import { useDesk } from '../../app/desk.tsx';
import { useCell } from '../../data/cell.ts';
import { viewing } from '../../data/live.ts';
import { Avatar } from '../../parts/avatar.tsx';

const FACES_MAX = 3;

/** Who else has this conversation open, and who of them writes: seen before two people answer. */
export function Viewers({ id }: { id: string }) {
  const { me } = useDesk();
  const others = (useCell(viewing)[id] ?? []).filter((person) => person.id !== me.id);
  if (others.length === 0) return null;
  return (
    <span className={others.some((person) => person.is_writing) ? 'viewers writing' : 'viewers'} role="status">
      <span className="faces">
        {others.slice(0, FACES_MAX).map((person) => (
          <Avatar key={person.id} kind="agent" name={person.name} />
        ))}
      </span>
      {wordsOf(others)}
    </span>
  );
}

export function wordsOf(others: readonly Viewer[]): string {
  const writing = others.filter((person) => person.is_writing);
  const [shown, does] = writing.length > 0 ? [writing, 'writing'] : [others, 'looking'];
  if (shown.length === 1) return `${shown[0]!.name.split(' ')[0]} is ${does}`;
  return `${shown.length} ${shown.length === others.length ? 'others' : `of ${others.length}`} are ${does}`;
}
