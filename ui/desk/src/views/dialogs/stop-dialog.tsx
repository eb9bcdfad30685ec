import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useDesk } from '../../app/desk.tsx';
import { announce } from '../../app/handles.ts';
import { charterQuery } from '../../data/queries.ts';
import { Acting } from './acting.tsx';

const REASON_CHARS_MAX = 300;

export function StopDialog() {
  const { actions } = useDesk();
  const topics = (useQuery(charterQuery).data?.topics ?? []).filter((topic) => !topic.stopped);
  const [isAll, setAll] = useState(true);
  const [topic, setTopic] = useState('');
  const [reason, setReason] = useState('');
  const chosen = topic || topics[0]?.topic || '';
  const act = async () => {
    await actions.stop(isAll ? null : chosen, reason.trim());
    announce('The AI is stopped.');
  };
  return (
    <Acting title="Stop the AI" act="Stop" look="danger" isReady={isAll || chosen !== ''} onAct={act}>
      <p className="sec">It takes effect within a second. Customers are told that a person will answer; nothing is lost.</p>
      <fieldset className="pick">
        <legend>What should stop?</legend>
        <label>
          <input type="radio" name="what" checked={isAll} onChange={() => setAll(true)} />
          Everything the AI does
        </label>
        {topics.length > 0 && (
          <label>
            <input type="radio" name="what" checked={!isAll} onChange={() => setAll(false)} />
            One topic
            <select className="input" aria-label="Topic" value={chosen} onChange={(event) => (setTopic(event.target.value), setAll(false))}>
              {topics.map((each) => (
                <option key={each.topic} value={each.topic}>
                  {each.title}
                </option>
              ))}
            </select>
          </label>
        )}
      </fieldset>
      <div className="field">
        <label htmlFor="stop-reason">Why? (may stay empty)</label>
        <input
          id="stop-reason"
          className="input"
          autoFocus
          maxLength={REASON_CHARS_MAX}
          placeholder="For example: it quotes an old delivery price"
          value={reason}
          onChange={(event) => setReason(event.target.value)}
        />
      </div>
    </Acting>
  );
}
