import { useState } from 'react';
import { useDesk, useOpenRow } from '../../app/desk.tsx';
import { announce, undoable } from '../../app/handles.ts';
import { CLOSING_REASONS } from '../conversation/entry-view.tsx';
import { Acting } from './acting.tsx';

const AGREED_CHARS_MAX = 300;

export function CloseDialog() {
  const { actions } = useDesk();
  const row = useOpenRow();
  const [reason, setReason] = useState(CLOSING_REASONS[0]![0]);
  const [agreed, setAgreed] = useState('');
  if (!row) return null;
  const act = async () => {
    await actions.close(row.id, reason, agreed.trim() || null);
    undoable.set(row.id);
    announce('The conversation is closed. You can undo it for ten seconds.');
  };
  return (
    <Acting title={`Close the conversation with ${row.contact.name}`} act="Close" onAct={act}>
      <fieldset className="pick">
        <legend>Why is it finished?</legend>
        {CLOSING_REASONS.map(([code, words]) => (
          <label key={code}>
            <input type="radio" name="reason" autoFocus={code === reason} checked={reason === code} onChange={() => setReason(code)} />
            {words}
          </label>
        ))}
      </fieldset>
      <div className="field">
        <label htmlFor="agreed">What was agreed (the customer sees it)</label>
        <textarea
          id="agreed"
          className="input"
          rows={2}
          maxLength={AGREED_CHARS_MAX}
          placeholder="For example: a new cover is sent on Monday"
          value={agreed}
          onChange={(event) => setAgreed(event.target.value)}
        />
      </div>
    </Acting>
  );
}
