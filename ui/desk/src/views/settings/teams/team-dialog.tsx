import type { TeamView } from '@bothands/protocol';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { announce } from '../../../app/handles.ts';
import { Field, FormDialog } from '../../../parts/form-dialog.tsx';
import { agentsQuery, useSettings } from '../data.ts';

const NAME_CHARS_MAX = 80;
const FIELDS = { 'name of the team': 'team-name', name: 'team-name', 'team-known': 'team-name' };

/** A team that is there, or (null) one to be made. */
export function TeamDialog({ team, onClose }: { team: TeamView | null; onClose: () => void }) {
  const settings = useSettings();
  const agents = useQuery(agentsQuery).data?.agents ?? [];
  const [name, setName] = useState(team?.name ?? '');
  const [members, setMembers] = useState<ReadonlySet<string>>(() => new Set(team?.members.map((member) => member.id)));
  const [isDropping, setDropping] = useState(false);
  const choices = agents.filter((agent) => !agent.disabled_at || members.has(agent.id));
  const toggle = (id: string, isIn: boolean) =>
    setMembers((held) => {
      const next = new Set(held);
      if (isIn) next.add(id);
      else next.delete(id);
      return next;
    });
  const save = async () => {
    if (isDropping && team) await settings.dropTeam(team.id);
    else await settings.saveTeam(team?.id ?? null, { name, member_ids: [...members] });
    announce(isDropping ? `The team ${name} is no more.` : `The team ${name} is saved.`);
  };
  return (
    <FormDialog
      title={team ? team.name : 'New team'}
      act={isDropping ? 'Drop the team' : 'Save'}
      look={isDropping ? 'danger' : 'pri'}
      isReady={name.trim() !== ''}
      fields={FIELDS}
      onAct={save}
      onClose={onClose}
    >
      <Field id="team-name" label="Name">
        {(about) => <input {...about} className="input" autoFocus autoComplete="off" maxLength={NAME_CHARS_MAX} value={name} onChange={(event) => setName(event.target.value)} />}
      </Field>
      <fieldset className="pick plain">
        <legend>Who is in it</legend>
        {choices.map((agent) => (
          <label key={agent.id}>
            <input type="checkbox" checked={members.has(agent.id)} onChange={(event) => toggle(agent.id, event.target.checked)} />
            {agent.name} {agent.disabled_at && <span className="tag bad">disabled</span>}
          </label>
        ))}
      </fieldset>
      {team && (
        <label className="check">
          <input type="checkbox" checked={isDropping} onChange={(event) => setDropping(event.target.checked)} />
          Drop this team; its people stay
        </label>
      )}
    </FormDialog>
  );
}
