import type { ApiKeyMade, ApiKeyView } from '@bothands/protocol';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { trouble } from '../../../app/handles.ts';
import { fullOf } from '../../../data/times.ts';
import { Modal } from '../../../parts/modal.tsx';
import { apiKeysQuery, useSettings } from '../data.ts';
import { Copied } from '../parts/copied.tsx';
import { Nothing, Section } from '../parts/section.tsx';
import { ApiKeyDialog } from './api-key-dialog.tsx';

export function ApiKeysSection() {
  const query = useQuery(apiKeysQuery);
  const [open, setOpen] = useState<'new' | ApiKeyMade | null>(null);
  const keys = query.data?.api_keys ?? [];
  const add = (
    <button type="button" className="btn pri" onClick={() => setOpen('new')}>
      New key…
    </button>
  );
  return (
    <Section title="API keys" says="What your programs come in with. A key does what its scopes say and nothing else; it is shown once." act={add} query={query}>
      {keys.length === 0 ? (
        <Nothing title="No keys yet">
          <p className="sec">Make one when a program of yours shall read conversations, knowledge or figures. Everything it can ask for is described in the API.</p>
          <a className="src" href="/api/openapi.json">
            The API’s description
          </a>
        </Nothing>
      ) : (
        <KeysTable keys={keys} />
      )}
      {open === 'new' && <ApiKeyDialog scopes={query.data?.scopes ?? []} onMade={setOpen} onClose={() => setOpen((now) => (now === 'new' ? null : now))} />}
      {open && open !== 'new' && (
        <Modal title={`The key ${open.api_key.name}`} onClose={() => setOpen(null)}>
          <div className="dialog-body">
            <p>Keep it now, where only your program reads it: it is not shown again.</p>
            <Copied label="Key" text={open.secret} />
          </div>
          <footer className="dialog-foot">
            <button type="button" className="btn" onClick={() => setOpen(null)}>
              Done
            </button>
          </footer>
        </Modal>
      )}
    </Section>
  );
}

function KeysTable({ keys }: { keys: readonly ApiKeyView[] }) {
  const settings = useSettings();
  const revoke = (key: ApiKeyView) => settings.revokeKey(key.id).catch((error: Error) => trouble.set(error.message));
  return (
    <section className="box" aria-labelledby="keys-title">
      <h2 id="keys-title">
        Keys <span className="mut">{keys.length}</span>
      </h2>
      <div className="table-box" tabIndex={0} role="region" aria-label="Table of API keys">
        <table className="table">
          <thead>
            <tr>
              <th scope="col">Name</th>
              <th scope="col">May</th>
              <th scope="col">Made</th>
              <th scope="col">Last used</th>
              <th scope="col">
                <span className="only-read">Revoke</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {keys.map((key) => (
              <tr key={key.id}>
                <th scope="row">
                  {key.name}
                  <span className="mut line">{key.hint}…</span>
                </th>
                <td>
                  <span className="tags">
                    {key.scopes.map((scope) => (
                      <span key={scope} className="tag">
                        {scope}
                      </span>
                    ))}
                  </span>
                </td>
                <td>
                  {fullOf(key.created_at)}
                  <span className="mut line">by {key.made_by}</span>
                </td>
                <td>
                  {key.last_used_at ? fullOf(key.last_used_at) : <span className="mut">never</span>}
                  {key.expires_at && <span className="mut line">ends {fullOf(key.expires_at)}</span>}
                </td>
                <td>
                  <button type="button" className="btn small" aria-label={`Revoke the key ${key.name}`} onClick={() => void revoke(key)}>
                    Revoke
                  </button>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
