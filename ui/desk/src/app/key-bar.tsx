import { commandOf } from '../commands/registry.ts';
import { useCell } from '../data/cell.ts';
import { link } from '../data/live.ts';
import { ShortcutCaps } from '../parts/shortcut-caps.tsx';
import { UndoLine } from '../parts/undo-line.tsx';

const SHOWN: [ids: string[], words: string][] = [
  [['next', 'previous'], 'next, previous'],
  [['reply'], 'reply'],
  [['note'], 'note'],
  [['take-over'], 'take over'],
  [['palette'], 'commands'],
  [['shortcuts'], 'all shortcuts'],
];

const LINKS = { connecting: 'Connecting…', connected: 'Live', lost: 'No connection, trying again…' } as const;

/** What the keys do; for as long as a closing can be undone, that alone, where it covers nothing. */
export function KeyBar() {
  const state = useCell(link);
  return (
    <footer className="keys">
      <UndoLine />
      {SHOWN.map(([ids, words]) => (
        <span key={words}>
          {ids.map((id) => (
            <ShortcutCaps key={id} command={commandOf(id)} />
          ))}
          {words}
        </span>
      ))}
      <span className={state === 'lost' ? 'link lost' : 'link'} role="status">
        {LINKS[state]}
      </span>
    </footer>
  );
}
