import { useState } from 'react';
import { useDesk, useOpenRow } from '../../app/desk.tsx';
import { announce } from '../../app/handles.ts';
import { Acting } from './acting.tsx';

const NOTE_CHARS_MAX = 500;

export function HandBackDialog() {
  const { actions } = useDesk();
  const row = useOpenRow();
  const [note, setNote] = useState('');
  if (!row) return null;
  const act = async () => {
    await actions.handBack(row.id, note.trim());
    announce('Handed back to the AI.');
  };
  return (
    <Acting title="Hand back to the AI" act="Hand back" onAct={act}>
      <p className="sec">The AI answers {row.contact.name} from now on. The customer can ask for a person again at any time.</p>
      <div className="field">
        <label htmlFor="hand-back-note">What should be known (only the desk sees it)</label>
        <textarea
          id="hand-back-note"
          className="input"
          rows={2}
          autoFocus
          maxLength={NOTE_CHARS_MAX}
          placeholder="For example: the refund is done, only the delivery date is open"
          value={note}
          onChange={(event) => setNote(event.target.value)}
        />
      </div>
    </Acting>
  );
}
