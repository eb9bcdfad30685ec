import type { TeamView } from '@bothands/protocol';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useDesk } from '../../../app/desk.tsx';
import { may } from '../../../commands/command.ts';
import { Box } from '../../../parts/box.tsx';
import { Table } from '../../../parts/table.tsx';
import { teamsQuery } from '../data.ts';
import { Nothing, Section } from '../parts/section.tsx';
import { TeamDialog } from './team-dialog.tsx';

export function TeamsSection() {
  const { me } = useDesk();
  const query = useQuery(teamsQuery);
  const [open, setOpen] = useState<TeamView | 'new' | null>(null);
  const mayChange = may(me, 'teams.write');
  const teams = query.data ?? [];
  const add = (
    <button type="button" className="btn pri" onClick={() => setOpen('new')}>
      New team…
    </button>
  );
  return (
    <Section
      title="Teams"
      says="People who share what waits. A conversation can be meant for a team, and an inbox can be seen by some teams only."
      act={mayChange && add}
      query={query}
    >
      {teams.length === 0 ? (
        <Nothing title="No teams yet">
          <p className="sec">
            {mayChange ? 'Without teams everybody sees everything, which is right for a few people. Make one when some questions belong to some of you.' : 'Everybody sees everything. An admin can make teams.'}
          </p>
        </Nothing>
      ) : (
        <TeamsTable teams={teams} onOpen={mayChange ? setOpen : null} />
      )}
      {open && <TeamDialog team={open === 'new' ? null : open} onClose={() => setOpen(null)} />}
    </Section>
  );
}

function TeamsTable({ teams, onOpen }: { teams: readonly TeamView[]; onOpen: ((team: TeamView) => void) | null }) {
  return (
    <Box title="Teams" count={teams.length}>
      <Table of="teams" columns={['Team', 'Who is in it']} acts={onOpen !== null && 'Change'}>
        {teams.map((team) => (
          <tr key={team.id}>
            <th scope="row">{team.name}</th>
            <td>{team.members.length > 0 ? team.members.map((member) => member.name).join(', ') : <span className="tag warn">nobody yet</span>}</td>
            {onOpen && (
              <td>
                <button type="button" className="btn small" aria-label={`Change the team ${team.name}`} onClick={() => onOpen(team)}>
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
