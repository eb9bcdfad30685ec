import type { InvitationMade } from '@bothands/protocol';
import { useState } from 'react';
import { announce } from '../../../app/handles.ts';
import { Field, FormDialog } from '../../../parts/form-dialog.tsx';
import { tagsOf, useSettings, type Role } from '../data.ts';
import { RoleChoice } from './role-choice.tsx';

const NAME_CHARS_MAX = 120;
const EMAIL_CHARS_MAX = 254;
const FIELDS = { 'e-mail address': 'invite-email', 'agent-known': 'invite-email', 'invitation-known': 'invite-email', name: 'invite-name', expertise: 'invite-tags' };

interface InviteDialogProps {
  hasMail: boolean;
  onMade: (made: InvitationMade) => void;
  onClose: () => void;
}

export function InviteDialog({ hasMail, onMade, onClose }: InviteDialogProps) {
  const settings = useSettings();
  const [name, setName] = useState('');
  const [email, setEmail] = useState('');
  const [role, setRole] = useState<Role>('agent');
  const [tags, setTags] = useState('');
  const [asLink, setAsLink] = useState(false);
  const send = async () => {
    const made = await settings.invite({ name, email, role, expertise: tagsOf(tags), as_link: asLink });
    announce(made.link ? `The link for ${name} is ready.` : `The invitation of ${name} is on its way.`);
    onMade(made);
  };
  return (
    <FormDialog
      title="Invite somebody"
      act={hasMail && !asLink ? 'Send the invitation' : 'Make the link'}
      isReady={name.trim() !== '' && email.trim() !== ''}
      fields={FIELDS}
      onAct={send}
      onClose={onClose}
    >
      <Field id="invite-name" label="Name">
        {(about) => <input {...about} className="input" autoFocus autoComplete="off" maxLength={NAME_CHARS_MAX} value={name} onChange={(event) => setName(event.target.value)} />}
      </Field>
      <Field id="invite-email" label="E-mail">
        {(about) => (
          <input {...about} className="input" type="email" autoComplete="off" maxLength={EMAIL_CHARS_MAX} value={email} onChange={(event) => setEmail(event.target.value)} />
        )}
      </Field>
      <RoleChoice role={role} onRole={setRole} />
      <Field id="invite-tags" label="Knows about" hint="Topics with commas between, such as returns, sizes. Nothing: anything.">
        {(about) => <input {...about} className="input" autoComplete="off" value={tags} onChange={(event) => setTags(event.target.value)} />}
      </Field>
      {hasMail ? (
        <label className="check">
          <input type="checkbox" checked={asLink} onChange={(event) => setAsLink(event.target.checked)} />
          Show me the link instead of mailing it
        </label>
      ) : (
        <p className="mut">No mail server is set up, so you get a link to pass on.</p>
      )}
    </FormDialog>
  );
}
