import type { CharterTopic, Stop, TopicRole } from '@bothands/protocol';
import { useState } from 'react';
import { useDesk } from '../../app/desk.tsx';
import { trouble } from '../../app/handles.ts';
import { may } from '../../commands/command.ts';
import { dayOf } from '../../data/times.ts';
import { ReasonForm } from './reason-form.tsx';

export const ROLES: [role: TopicRole, words: string][] = [
  ['ai_acts', 'AI acts'],
  ['ai_drafts', 'AI drafts, a person sends'],
  ['person_only', 'Person only'],
];

interface TopicRowProps {
  topic: CharterTopic;
  stop: Stop | null;
  mayChange: boolean;
}

type Asking = { what: 'role'; role: TopicRole } | { what: 'stop' } | null;

export function TopicRow({ topic, stop, mayChange }: TopicRowProps) {
  const { actions } = useDesk();
  const [asking, setAsking] = useState<Asking>(null);
  const role = asking?.what === 'role' ? asking.role : topic.role;
  const act = async (reason: string) => {
    if (asking?.what === 'role') await actions.setRole(topic.topic, asking.role, reason);
    else await actions.stop(topic.topic, reason);
    setAsking(null);
  };
  return (
    <tr>
      <th scope="row">{topic.title}</th>
      <td>
        {mayChange ? (
          <select
            className="input"
            aria-label={`Who acts on ${topic.title}`}
            value={role}
            onChange={(event) => setAsking({ what: 'role', role: event.target.value as TopicRole })}
          >
            {ROLES.map(([value, words]) => (
              <option key={value} value={value}>
                {words}
              </option>
            ))}
          </select>
        ) : (
          ROLES.find(([value]) => value === topic.role)?.[1]
        )}
        {asking && <ReasonForm asks={asking.what === 'role' ? 'Why this change?' : 'Why stop it?'} onCancel={() => setAsking(null)} onGive={act} />}
      </td>
      <td>
        {topic.threshold !== null && topic.threshold !== undefined && <span className="num">{topic.threshold.toFixed(2)} </span>}
        <span className={topic.certified ? 'tag hu' : 'tag warn'}>{topic.certified ? 'certified' : 'uncertified'}</span>
      </td>
      <td>
        {topic.reason || <span className="mut">No reason was written down</span>}
        <div className="mut">
          {topic.owner}
          {topic.review_on && `, review on ${dayOf(topic.review_on)}`}
        </div>
      </td>
      <td>
        <StopCell topic={topic} stop={stop} onStop={() => setAsking({ what: 'stop' })} />
      </td>
    </tr>
  );
}

function StopCell({ topic, stop, onStop }: { topic: CharterTopic; stop: Stop | null; onStop: () => void }) {
  const { actions, me } = useDesk();
  const isStopped = topic.stopped || stop !== null;
  if (!isStopped) {
    if (!may(me, 'stops.write')) return 'may answer';
    return (
      <button type="button" className="btn small" aria-label={`Stop the AI on ${topic.title}`} onClick={onStop}>
        Stop…
      </button>
    );
  }
  return (
    <>
      <span className="tag bad">stopped</span>{' '}
      {stop && may(me, 'stops.lift') && (
        <button type="button" className="btn small" aria-label={`Let the AI answer on ${topic.title} again`} onClick={() => void actions.resume(stop.id).catch((error: Error) => trouble.set(error.message))}>
          Resume
        </button>
      )}
    </>
  );
}
