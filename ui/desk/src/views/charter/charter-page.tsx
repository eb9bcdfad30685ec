import { useQuery } from '@tanstack/react-query';
import { useDesk, useStops } from '../../app/desk.tsx';
import { may } from '../../commands/command.ts';
import { charterQuery } from '../../data/queries.ts';
import { TopicRow } from './topic-row.tsx';

export function CharterPage() {
  const { me } = useDesk();
  const query = useQuery(charterQuery);
  const stops = useStops();
  const mayChange = may(me, 'charter.write');
  const topics = query.data?.topics ?? [];
  return (
    <div className="page">
      <div>
        <header className="page-head">
          <h1>Charter</h1>
          <p className="sec">
            Who does what, topic by topic. {mayChange ? 'A change takes effect with the next message.' : 'A lead or an admin can change it; you can read it.'}
          </p>
        </header>
        {query.isError && <p role="alert" className="notice bad">{query.error.message}</p>}
        <section className="box" aria-labelledby="topics-title">
          <h2 id="topics-title">
            Topics <span className="mut">{topics.length}</span>
          </h2>
          <p className="mut">“Uncertified” means: no reviewed outcomes stand behind the threshold yet, so it is a careful guess.</p>
          <div className="table-box" tabIndex={0} role="region" aria-label="Table of topics">
            <table className="table">
              <thead>
                <tr>
                  <th scope="col">Topic</th>
                  <th scope="col">Who acts</th>
                  <th scope="col">Threshold</th>
                  <th scope="col">Why, and whose call</th>
                  <th scope="col">The AI here</th>
                </tr>
              </thead>
              <tbody>
                {topics.map((topic) => (
                  <TopicRow key={topic.topic} topic={topic} stop={stops.find((stop) => stop.topic === topic.topic) ?? null} mayChange={mayChange} />
                ))}
              </tbody>
            </table>
          </div>
        </section>
      </div>
    </div>
  );
}
