import type { InboxView } from '@bothands/protocol';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useDesk } from '../../../app/desk.tsx';
import { may } from '../../../commands/command.ts';
import { inboxTeamsQuery, teamsQuery } from '../data.ts';
import { Copied } from '../parts/copied.tsx';
import { Secrets } from './secrets.tsx';
import { snippetOf } from './snippet.ts';

const GREETING_CHARS_MAX = 120;

export function InboxCard({ inbox, onChange }: { inbox: InboxView; onChange: (() => void) | null }) {
  const { me } = useDesk();
  const [greeting, setGreeting] = useState('');
  const greetingId = `greeting-${inbox.id}`;
  return (
    <section className="box" aria-labelledby={`inbox-${inbox.id}`}>
      <header className="box-head">
        <h2 id={`inbox-${inbox.id}`}>
          {inbox.name} <span className="tag">{inbox.slug}</span>
        </h2>
        <span className="row-acts">
          <a className="btn small" href={inbox.chat_url} target="_blank" rel="noreferrer">
            Open the chat<span className="only-read"> of {inbox.name} in a new window</span>
          </a>
          {onChange && (
            <button type="button" className="btn small" aria-label={`Change ${inbox.name}`} onClick={onChange}>
              Change…
            </button>
          )}
        </span>
      </header>
      <dl className="facts">
        <dt>The AI is called</dt>
        <dd>
          {inbox.assistant_name} <span className="mut">“{inbox.disclosure}”</span>
        </dd>
        <dt>Pages that may embed it</dt>
        <dd>
          {inbox.origins.length > 0 ? (
            inbox.origins.join(', ')
          ) : (
            <>
              <span className="tag warn">none yet</span> <span className="mut">list yours, or only our own page opens the chat</span>
            </>
          )}
        </dd>
        <dt>Who sees its conversations</dt>
        <dd>
          <SeenBy inboxId={inbox.id} />
        </dd>
      </dl>
      <div className="two">
        <div className="field">
          <label htmlFor={greetingId}>Greeting beside the button</label>
          <input id={greetingId} className="input" maxLength={GREETING_CHARS_MAX} aria-describedby={`${greetingId}-hint`} placeholder="Questions? We are here." value={greeting} onChange={(event) => setGreeting(event.target.value)} />
          <span id={`${greetingId}-hint`} className="hint">
            If you like one: it becomes part of the line.
          </span>
        </div>
        <Copied label="Line for your pages" text={snippetOf(inbox, greeting)} />
      </div>
      {may(me, 'access.read') && <Secrets inbox={inbox} />}
    </section>
  );
}

function SeenBy({ inboxId }: { inboxId: string }) {
  const limit = useQuery(inboxTeamsQuery(inboxId)).data ?? [];
  const teams = useQuery(teamsQuery).data ?? [];
  if (limit.length === 0) return 'everybody at the desk';
  const names = teams.filter((team) => limit.includes(team.id)).map((team) => team.name);
  return `${names.join(', ')}, and admins`;
}
