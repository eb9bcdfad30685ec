import { useQuery } from '@tanstack/react-query';
import { useDesk, useStops } from '../../app/desk.tsx';
import { may } from '../../commands/command.ts';
import { charterQuery } from '../../data/queries.ts';
import { Box } from '../../parts/box.tsx';
import { Table } from '../../parts/table.tsx';
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
        <Box title="Topics" count={topics.length}>
          <p className="mut">“Uncertified” means: no reviewed outcomes stand behind the threshold yet, so it is a careful guess.</p>
          <Table of="topics" columns={['Topic', 'Who acts', 'Threshold', 'Why, and whose call', 'The AI here']}>
            {topics.map((topic) => (
              <TopicRow key={topic.topic} topic={topic} stop={stops.find((stop) => stop.topic === topic.topic) ?? null} mayChange={mayChange} />
            ))}
          </Table>
        </Box>
      </div>
    </div>
  );
}
