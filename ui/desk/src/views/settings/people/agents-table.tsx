import type { AgentView } from '@bothands/protocol';
import { Avatar } from '../../../parts/avatar.tsx';
import { Box } from '../../../parts/box.tsx';
import { Table } from '../../../parts/table.tsx';
import { TagList } from '../../../parts/tag-list.tsx';
import { whenOf } from '../../../data/times.ts';
import { roleName } from '../data.ts';

interface AgentsTableProps {
  agents: readonly AgentView[];
  onOpen: ((agent: AgentView) => void) | null;
}

/** Who is here first, who was let go last. */
export function AgentsTable({ agents, onOpen }: AgentsTableProps) {
  const inOrder = [...agents].sort((one, other) => Number(Boolean(one.disabled_at)) - Number(Boolean(other.disabled_at)));
  return (
    <Box title="At this desk" count={agents.filter((agent) => !agent.disabled_at).length}>
      <Table of="people" columns={['Name', 'Role', 'Knows about', 'Now', 'Signed in']} acts={onOpen !== null && 'Change'}>
        {inOrder.map((agent) => (
          <tr key={agent.id} className={agent.disabled_at ? 'gone' : undefined}>
            <th scope="row">
              <span className="who">
                <Avatar kind="agent" name={agent.name} />
                <span>
                  {agent.name} {agent.is_simulated && <span className="tag">simulated</span>}
                  <span className="mut line">{agent.email}</span>
                </span>
              </span>
            </th>
            <td>{roleName(agent.role)}</td>
            <td>{agent.expertise.length > 0 ? <TagList names={agent.expertise.map((topic) => topic.replaceAll('_', ' '))} /> : <span className="mut">any topic</span>}</td>
            <td>{agent.disabled_at ? <span className="tag bad">disabled</span> : <Now agent={agent} />}</td>
            <td>{agent.disabled_at ? '' : <SignedIn agent={agent} />}</td>
            {onOpen && (
              <td>
                <button type="button" className="btn small" aria-label={`Change ${agent.name}`} onClick={() => onOpen(agent)}>
                  Change…
                </button>
              </td>
            )}
          </tr>
        ))}
      </Table>
    </Box>
  );
}

function Now({ agent }: { agent: AgentView }) {
  const isHere = agent.availability === 'available';
  return (
    <>
      <span className="combo">
        <i className={isHere ? 'dot' : 'dot off'} /> {isHere ? 'available' : 'away'}
      </span>
      <span className="mut line">
        has {agent.holds} of {agent.capacity}
      </span>
    </>
  );
}

function SignedIn({ agent }: { agent: AgentView }) {
  if (agent.sign_ins === 0) return <span className="mut">not signed in</span>;
  return (
    <>
      {agent.sign_ins === 1 ? 'one browser' : `${agent.sign_ins} browsers`}
      {agent.last_seen_at && <span className="mut line">seen {whenOf(agent.last_seen_at, Date.now())}</span>}
    </>
  );
}
