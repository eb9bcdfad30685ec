import type { InboxView } from '@bothands/protocol';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { announce } from '../../../app/handles.ts';
import { Field, FormDialog } from '../../../parts/form-dialog.tsx';
import { inboxTeamsQuery, teamsQuery, useSettings } from '../data.ts';
import { originsOf } from './snippet.ts';

const NAME_CHARS_MAX = 120;
const SLUG_CHARS_MAX = 59;
const DISCLOSURE_CHARS_MAX = 300;
const DISCLOSURE = 'AI assistant. Not a person. Can be wrong.';
const FIELDS = { inbox: 'inbox-slug', name: 'inbox-name', "assistant's name": 'inbox-assistant', disclosure: 'inbox-disclosure', origins: 'inbox-origins' };

/** An inbox that is there, or (null) one to be made. */
export function InboxDialog({ inbox, onClose }: { inbox: InboxView | null; onClose: () => void }) {
  const settings = useSettings();
  const teams = useQuery(teamsQuery).data ?? [];
  const limit = useQuery({ ...inboxTeamsQuery(inbox?.id ?? ''), enabled: inbox !== null }).data;
  const [slug, setSlug] = useState(inbox?.slug ?? '');
  const [name, setName] = useState(inbox?.name ?? '');
  const [assistant, setAssistant] = useState(inbox?.assistant_name ?? 'AI assistant');
  const [disclosure, setDisclosure] = useState(inbox?.disclosure ?? DISCLOSURE);
  const [origins, setOrigins] = useState((inbox?.origins ?? []).join('\n'));
  const [chosen, setChosen] = useState<readonly string[] | null>(null);
  const seeing = chosen ?? limit ?? [];
  const save = async () => {
    const about = { name, assistant_name: assistant, disclosure, origins: originsOf(origins) };
    const saved = inbox ? await settings.changeInbox(inbox.id, about) : await settings.makeInbox({ slug, ...about });
    if (chosen) await settings.limitInbox(saved.id, chosen);
    announce(`${name} is saved.`);
  };
  return (
    <FormDialog title={inbox ? inbox.name : 'New inbox'} act="Save" isReady={name.trim() !== '' && slug.trim() !== ''} fields={FIELDS} onAct={save} onClose={onClose}>
      <Field id="inbox-name" label="Name">
        {(about) => <input {...about} className="input" autoFocus autoComplete="off" maxLength={NAME_CHARS_MAX} value={name} onChange={(event) => setName(event.target.value)} />}
      </Field>
      {!inbox && (
        <Field id="inbox-slug" label="Short name in addresses" hint="Small letters, digits and hyphens, such as help. It stays.">
          {(about) => (
            <input {...about} className="input" autoComplete="off" pattern="[a-z0-9][a-z0-9\-]*" maxLength={SLUG_CHARS_MAX} value={slug} onChange={(event) => setSlug(event.target.value)} />
          )}
        </Field>
      )}
      <Field id="inbox-assistant" label="The AI is called">
        {(about) => <input {...about} className="input" autoComplete="off" maxLength={NAME_CHARS_MAX} value={assistant} onChange={(event) => setAssistant(event.target.value)} />}
      </Field>
      <Field id="inbox-disclosure" label="How the AI introduces itself" hint="Beside each of its messages. It has to say that no person writes.">
        {(about) => <input {...about} className="input" autoComplete="off" maxLength={DISCLOSURE_CHARS_MAX} value={disclosure} onChange={(event) => setDisclosure(event.target.value)} />}
      </Field>
      <Field id="inbox-origins" label="Pages that may embed the chat" hint="One a line, such as https://shop.example; no path. Others are refused.">
        {(about) => <textarea {...about} className="input" rows={3} spellCheck={false} value={origins} onChange={(event) => setOrigins(event.target.value)} />}
      </Field>
      {teams.length > 0 && (
        <fieldset className="pick plain">
          <legend>Who sees its conversations</legend>
          <p className="mut">{seeing.length === 0 ? 'Everybody at the desk. Choose teams to limit it.' : 'These teams, and admins.'}</p>
          {teams.map((team) => (
            <label key={team.id}>
              <input
                type="checkbox"
                checked={seeing.includes(team.id)}
                onChange={(event) => setChosen(event.target.checked ? [...seeing, team.id] : seeing.filter((id) => id !== team.id))}
              />
              {team.name}
            </label>
          ))}
        </fieldset>
      )}
    </FormDialog>
  );
}
