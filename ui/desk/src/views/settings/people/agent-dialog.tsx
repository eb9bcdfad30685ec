import type { AgentView } from '@bothands/protocol';
import { useState } from 'react';
import { announce } from '../../../app/handles.ts';
import { Field, FormDialog } from '../../../parts/form-dialog.tsx';
import { tagsOf, useSettings, type AgentChange, type Role } from '../data.ts';
import { RoleChoice } from './role-choice.tsx';

const CAPACITY_MAX = 50;
const NAME_CHARS_MAX = 120;
const FIELDS = { name: 'agent-name', expertise: 'agent-tags', capacity: 'agent-capacity' };

interface AgentDialogProps {
  agent: AgentView;
  isMe: boolean;
  onClose: () => void;
}

export function AgentDialog({ agent, isMe, onClose }: AgentDialogProps) {
  const settings = useSettings();
  const [name, setName] = useState(agent.name);
  const [role, setRole] = useState(agent.role as Role);
  const [tags, setTags] = useState(agent.expertise.join(', '));
  const [capacity, setCapacity] = useState(String(agent.capacity));
  const [mayEnter, setMayEnter] = useState(!agent.disabled_at);
  const [isSignedOut, setSignedOut] = useState(false);
  const isDisabling = !mayEnter && !agent.disabled_at;
  const save = async () => {
    const change: AgentChange = { name, role, expertise: tagsOf(tags), capacity: Number(capacity), is_disabled: !mayEnter };
    await settings.changeAgent(agent.id, change);
    if (isSignedOut && mayEnter) await settings.signOut(agent.id);
    announce(isDisabling ? `${name} is disabled and signed out.` : `${name} is saved.`);
  };
  return (
    <FormDialog
      title={agent.name}
      act={isDisabling ? 'Save and disable' : 'Save'}
      look={isDisabling ? 'danger' : 'pri'}
      isReady={name.trim() !== '' && Number(capacity) >= 1}
      fields={FIELDS}
      onAct={save}
      onClose={onClose}
    >
      <p className="mut">{agent.email}</p>
      <Field id="agent-name" label="Name" hint="Customers see it on every message.">
        {(about) => <input {...about} className="input" autoFocus autoComplete="off" maxLength={NAME_CHARS_MAX} value={name} onChange={(event) => setName(event.target.value)} />}
      </Field>
      <RoleChoice role={role} onRole={setRole} />
      <Field id="agent-tags" label="Knows about" hint="Topics with commas between. Nothing: anything.">
        {(about) => <input {...about} className="input" autoComplete="off" value={tags} onChange={(event) => setTags(event.target.value)} />}
      </Field>
      <Field id="agent-capacity" label="Conversations at once">
        {(about) => (
          <input {...about} className="input short" type="number" min={1} max={CAPACITY_MAX} value={capacity} onChange={(event) => setCapacity(event.target.value)} />
        )}
      </Field>
      <fieldset className="pick plain">
        <legend>Access</legend>
        {agent.sign_ins > 0 && mayEnter && (
          <label>
            <input type="checkbox" checked={isSignedOut} onChange={(event) => setSignedOut(event.target.checked)} />
            {agent.sign_ins === 1 ? 'Sign out of the one browser in use' : `Sign out of all ${agent.sign_ins} browsers in use`}
          </label>
        )}
        <label>
          <input type="checkbox" checked={!mayEnter} onChange={(event) => setMayEnter(!event.target.checked)} />
          Disabled: cannot sign in
        </label>
      </fieldset>
      {isDisabling && (
        <p className="notice warn">
          {isMe ? 'You sign yourself out of everything.' : `${agent.name} is signed out everywhere at once.`} {heldWords(agent.holds)}
        </p>
      )}
    </FormDialog>
  );
}

function heldWords(holds: number): string {
  if (holds === 0) return 'No conversation is left behind.';
  return holds === 1 ? 'The one conversation they have goes back to the queue.' : `The ${holds} conversations they have go back to the queue.`;
}
