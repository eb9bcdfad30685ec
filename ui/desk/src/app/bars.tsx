import type { Stop } from '@bothands/protocol';
import { may } from '../commands/command.ts';
import { useQuery } from '@tanstack/react-query';
import { charterQuery } from '../data/queries.ts';
import { ReleasedBar } from '../parts/released-bar.tsx';
import { TroubleBar } from '../parts/trouble-bar.tsx';
import { Icon } from '../parts/icon.tsx';
import { useDesk, useStops } from './desk.tsx';
import { trouble } from './handles.ts';

/** What everybody at the desk must know now, above everything else. */
export function Bars() {
  return (
    <div className="bars">
      <StoppedBar />
      <TroubleBar />
      <ReleasedBar />
    </div>
  );
}

function StoppedBar() {
  const stops = useStops();
  if (stops.length === 0) return null;
  return (
    <div className="stopped" role="region" aria-label="The AI is stopped">
      {stops.map((stop) => (
        <StopLine key={stop.id} stop={stop} />
      ))}
    </div>
  );
}

function StopLine({ stop }: { stop: Stop }) {
  const { actions, me } = useDesk();
  const charter = useQuery(charterQuery).data;
  const title = charter?.topics.find((topic) => topic.topic === stop.topic)?.title ?? stop.topic?.replaceAll('_', ' ');
  const resume = () => actions.resume(stop.id).catch((error: Error) => trouble.set(error.message));
  return (
    <div className="stopped-bar">
      <Icon name="stop" />
      <p>
        <b>{stop.topic === null ? 'The AI is stopped: everything goes to people.' : `The AI is stopped on “${title}”.`}</b>{' '}
        {stop.reason && <span>{stop.reason}.</span>} {stop.by && <span>By {nameOf(stop.by)}.</span>}
      </p>
      {may(me, 'stops.lift') ? (
        <button type="button" className="btn small" onClick={() => void resume()}>
          Let it answer again
        </button>
      ) : (
        <span>A lead lets it answer again.</span>
      )}
    </div>
  );
}

const nameOf = (by: unknown): string =>
  typeof by === 'string' ? by : by && typeof by === 'object' && 'name' in by ? String(by.name) : 'a colleague';
