import type { Row } from '@bothands/protocol';
import { useDesk, useScene } from '../../app/desk.tsx';
import { panelShown } from '../../app/handles.ts';
import { isOfferedToMe } from '../../commands/passing.ts';
import { CommandButton } from '../../parts/command-button.tsx';
import { Icon } from '../../parts/icon.tsx';
import { Tags } from '../tags/tags.tsx';
import { Viewers } from './viewers.tsx';

export function Head({ row }: { row: Row }) {
  const { place, isReduced, ownId } = useDesk();
  const scene = useScene();
  return (
    <header className="talk-head">
      <button type="button" className="btn icon quiet back-step" aria-label="Back to the list" onClick={() => place.open(place.view, null)}>
        <Icon name="back" />
      </button>
      <div className="talk-who">
        <h2 className="one-line">
          {row.id === ownId ? 'You' : row.contact.name} {row.id === ownId && <span className="tag hu">your own chat</span>}
          {row.is_simulated && <span className="tag"><span className="hatch" />simulated</span>}
        </h2>
        <p className="mut one-line">{row.subject || 'Web chat'}</p>
      </div>
      {!isReduced && <Tags id={row.id} />}
      <Viewers id={row.id} />
      <Holder row={row} />
      <div className="talk-acts">
        <CommandButton id="transfer">{row.holder.kind === 'queue' ? 'Assign…' : 'Transfer…'}</CommandButton>
        <CommandButton id="hand-back" />
        <CommandButton id="close" />
        <CommandButton id="reopen" />
        <CommandButton id="take-over" look="pri">{isOfferedToMe(scene) ? 'Accept' : undefined}</CommandButton>
        {!isReduced && (
          <button type="button" className="btn panel-toggle" onClick={() => panelShown.set(true)}>
            <Icon name="person" /> Contact
          </button>
        )}
      </div>
    </header>
  );
}

function Holder({ row }: { row: Row }) {
  const { me } = useDesk();
  if (row.closed_at) return <span className="tag">Closed</span>;
  if (row.holder.kind === 'assistant') return <span className="tag ai">AI has it</span>;
  if (row.holder.kind === 'queue') return <span className="tag warn">{waitsFor(row)}</span>;
  return <span className="tag hu">{row.holder.id === me.id ? 'You have it' : `${row.holder.name} has it`}</span>;
}

function waitsFor({ assigned }: Row): string {
  if (!assigned) return 'Waits for a person';
  return assigned.is_yours && assigned.kind === 'agent' ? 'Waits for you' : `Waits for ${assigned.name}`;
}
