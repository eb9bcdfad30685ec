import type { AgentView, InvitationMade } from '@bothands/protocol';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useDesk } from '../../../app/desk.tsx';
import { may } from '../../../commands/command.ts';
import { agentsQuery, invitationsQuery } from '../data.ts';
import { Nothing, Section } from '../parts/section.tsx';
import { AgentDialog } from './agent-dialog.tsx';
import { AgentsTable } from './agents-table.tsx';
import { InvitationsTable } from './invitations-table.tsx';
import { InviteDialog } from './invite-dialog.tsx';
import { LinkDialog } from './link-dialog.tsx';

type Open = { what: 'invite' } | { what: 'agent'; agent: AgentView } | { what: 'link'; made: InvitationMade } | null;

export function PeopleSection() {
  const { me } = useDesk();
  const query = useQuery(agentsQuery);
  const invitations = useQuery(invitationsQuery).data ?? [];
  const [open, setOpen] = useState<Open>(null);
  const mayChange = may(me, 'agents.write');
  const agents = query.data?.agents ?? [];
  const hasMail = query.data?.has_mail ?? false;
  const made = (one: InvitationMade) => setOpen(one.link ? { what: 'link', made: one } : null);
  const invite = (
    <button type="button" className="btn pri" onClick={() => setOpen({ what: 'invite' })}>
      Invite somebody…
    </button>
  );
  return (
    <Section
      title="People"
      says={mayChange ? 'Who works at this desk, and what they may do. Everybody else gets in by invitation.' : 'Who works at this desk. An admin can change it.'}
      act={mayChange && invite}
      query={query}
    >
      {agents.length === 1 && invitations.length === 0 && mayChange && (
        <Nothing title="You are alone here">
          <p className="sec">Invite a colleague by name and e-mail address: they choose a password and can answer at once.</p>
        </Nothing>
      )}
      {invitations.length > 0 && <InvitationsTable invitations={invitations} hasMail={hasMail} mayChange={mayChange} onMade={made} />}
      <AgentsTable agents={agents} onOpen={mayChange ? (agent) => setOpen({ what: 'agent', agent }) : null} />
      {open?.what === 'invite' && <InviteDialog hasMail={hasMail} onMade={made} onClose={() => setOpen((now) => (now?.what === 'invite' ? null : now))} />}
      {open?.what === 'agent' && <AgentDialog agent={open.agent} isMe={open.agent.id === me.id} onClose={() => setOpen(null)} />}
      {open?.what === 'link' && <LinkDialog made={open.made} onClose={() => setOpen(null)} />}
    </Section>
  );
}
