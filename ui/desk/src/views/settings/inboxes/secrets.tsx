import type { InboxView, SecretMade } from '@bothands/protocol';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { trouble } from '../../../app/handles.ts';
import { fullOf } from '../../../data/times.ts';
import { Modal } from '../../../parts/modal.tsx';
import { secretsQuery, useSettings } from '../data.ts';
import { Copied } from '../parts/copied.tsx';

/** With a secret the company's own server signs who a visitor is. */
export function Secrets({ inbox }: { inbox: InboxView }) {
  const settings = useSettings();
  const query = useQuery(secretsQuery(inbox.id));
  const [made, setMade] = useState<SecretMade | null>(null);
  const secrets = query.data ?? [];
  const act = (work: () => Promise<unknown>) => void work().catch((error: Error) => trouble.set(error.message));
  return (
    <div className="field">
      <h3>Secrets for signed customers</h3>
      <p className="mut">
        {secrets.length === 0 ? 'None yet. With one, your own server can vouch for who is signed in on your pages, and the chat follows them.' : 'Your server signs with one of these who is signed in on your pages.'}
      </p>
      {secrets.length > 0 && (
        <ul className="lines">
          {secrets.map((secret) => (
            <li key={secret.id}>
              <code>{secret.hint}…</code>
              <span className="mut">
                made {fullOf(secret.created_at)}
                {secret.made_by && ` by ${secret.made_by}`}, {secret.last_used_at ? `last used ${fullOf(secret.last_used_at)}` : 'not used yet'}
              </span>
              <button type="button" className="btn small" aria-label={`Revoke the secret ${secret.hint} of ${inbox.name}`} onClick={() => act(() => settings.revokeSecret(inbox.id, secret.id))}>
                Revoke
              </button>
            </li>
          ))}
        </ul>
      )}
      <div className="row-acts">
        <button type="button" className="btn small" onClick={() => act(async () => setMade(await settings.makeSecret(inbox.id)))}>
          New secret<span className="only-read"> of {inbox.name}</span>
        </button>
      </div>
      {made && (
        <Modal title={`A secret of ${inbox.name}`} onClose={() => setMade(null)}>
          <div className="dialog-body">
            <p>Put it on your server now, never into a page: it is not shown again. The one before stays valid until you revoke it.</p>
            <Copied label="Secret" text={made.text} />
          </div>
          <footer className="dialog-foot">
            <button type="button" className="btn" onClick={() => setMade(null)}>
              Done
            </button>
          </footer>
        </Modal>
      )}
    </div>
  );
}
