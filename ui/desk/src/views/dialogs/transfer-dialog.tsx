import type { Receiver, Row } from '@bothands/protocol';
import { useQuery } from '@tanstack/react-query';
import { useId, useRef, useState, type KeyboardEvent } from 'react';
import { useDesk, useOpenRow } from '../../app/desk.tsx';
import { announce } from '../../app/handles.ts';
import { receiversQuery } from '../../data/queries.ts';
import { Avatar } from '../../parts/avatar.tsx';
import { useChoosing } from '../../parts/choosing.ts';
import { Icon } from '../../parts/icon.tsx';
import { Acting } from './acting.tsx';
import { choicesOf, loadOf, warningOf } from './receivers.ts';

const NOTE_CHARS_MAX = 2000;

/** Pass it to a person or a team: found by typing, with who is free. */
export function TransferDialog() {
  const row = useOpenRow();
  return row && <Passing row={row} />;
}

function Passing({ row }: { row: Row }) {
  const { actions, me } = useDesk();
  const [words, setWords] = useState('');
  const [note, setNote] = useState('');
  const noteField = useRef<HTMLTextAreaElement>(null);
  const id = useId();
  const receivers = useQuery(receiversQuery(row.id));
  const isOffer = row.holder.kind === 'agent';
  const found = receivers.data ? choicesOf(receivers.data, words, row.holder.id) : [];
  const { chosen, choose, step, field, list, option } = useChoosing(found);
  const warning = chosen ? warningOf(chosen, isOffer) : '';

  const act = async () => {
    if (!chosen) return;
    const to = { kind: chosen.kind, id: chosen.id };
    if (isOffer) await actions.transfer(row.id, to, note.trim(), warning !== '');
    else await actions.assign(row.id, to, note.trim());
    announce(doneWords(chosen, isOffer));
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'Enter' && chosen) noteField.current?.focus();
    else if (!step(event)) return;
    event.preventDefault();
  };
  return (
    <Acting title={isOffer ? 'Transfer the conversation' : 'Assign the conversation'} act={actWords(chosen, isOffer)} isReady={chosen !== undefined} onAct={act}>
      <div className="find-box">
        <Icon name="find" />
        <input
          autoFocus
          role="combobox"
          aria-label="Person or team"
          aria-expanded="true"
          {...field}
          placeholder="Name, team or expertise"
          value={words}
          onChange={(event) => (setWords(event.target.value), choose(0))}
          onKeyDown={onKey}
        />
      </div>
      <div className="receivers" {...list} aria-label="People and teams">
        {found.map((one, place) => (
          <div key={one.id} {...option(place)} onClick={() => choose(place)}>
            <Choice one={one} isMe={one.id === me.id} />
          </div>
        ))}
      </div>
      <p role="status" className={receivers.isPending || found.length > 0 ? 'only-read' : 'sec'}>
        {found.length > 0 ? `${found.length} to choose from` : receivers.isPending ? 'Looking who is there' : 'Nobody of that name sees this inbox.'}
      </p>
      {warning && <p className="notice warn">{warning}</p>}
      <div className="field">
        <label htmlFor={`${id}-note`}>A word to them (only the desk sees it)</label>
        <textarea
          id={`${id}-note`}
          ref={noteField}
          className="input"
          rows={2}
          maxLength={NOTE_CHARS_MAX}
          placeholder="They get the brief, too. What should they know besides?"
          value={note}
          onChange={(event) => setNote(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) event.currentTarget.form?.requestSubmit();
          }}
        />
      </div>
    </Acting>
  );
}

function Choice({ one, isMe }: { one: Receiver; isMe: boolean }) {
  const look = one.kind === 'team' ? (one.free > 0 ? 'free' : 'full') : one.is_free ? 'free' : one.is_available ? 'full' : 'away';
  return (
    <>
      <Avatar kind={one.kind === 'team' ? 'contact' : 'agent'} name={one.name} />
      <span className="who">
        <span className="name">{isMe ? `${one.name} (you)` : one.name}</span>
        {one.kind === 'team' && <span className="tag">team</span>}
        {one.expertise.length > 0 && <span className="mut one-line">{one.expertise.join(', ').replaceAll('_', ' ')}</span>}
      </span>
      <span className={`load ${look}`}>{loadOf(one)}</span>
    </>
  );
}

function actWords(chosen: Receiver | undefined, isOffer: boolean): string {
  if (!chosen) return isOffer ? 'Transfer' : 'Assign';
  const name = chosen.kind === 'team' ? chosen.name : chosen.name.split(' ')[0];
  if (!isOffer) return `Assign to ${name}`;
  return chosen.kind === 'team' ? `Put in line for ${name}` : `Offer to ${name}`;
}

function doneWords(chosen: Receiver, isOffer: boolean): string {
  if (!isOffer) return `It is meant for ${chosen.name}.`;
  return chosen.kind === 'team' ? `It waits in line for ${chosen.name}.` : `Offered to ${chosen.name}. It stays yours until it is accepted.`;
}
