import { commandOf } from '../commands/registry.ts';
import { useCell } from '../data/cell.ts';
import { link } from '../data/live.ts';
import { ShortcutCaps } from '../parts/shortcut-caps.tsx';

const SHOWN: [ids: string[], words: string][] = [
  [['next', 'previous'], 'next, previous'],
  [['reply'], 'reply'],
  [['note'], 'note'],
  [['take-over'], 'take over'],
  [['palette'], 'commands'],
  [['shortcuts'], 'all shortcuts'],
];

const LINKS = { connecting: 'Connecting…', connected: 'Live', lost: 'No connection, trying again…' } as const;

export function KeyBar() {
  const state = useCell(link);
  return (
    <footer className="keys">
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
