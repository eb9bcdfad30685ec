import type { ApiKeyMade, ApiKeyView } from '@bothands/protocol';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { trouble } from '../../../app/handles.ts';
import { fullOf } from '../../../data/times.ts';
import { Box } from '../../../parts/box.tsx';
import { Modal } from '../../../parts/modal.tsx';
import { Table } from '../../../parts/table.tsx';
import { TagList } from '../../../parts/tag-list.tsx';
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
    <Box title="Keys" count={keys.length}>
      <Table of="API keys" columns={['Name', 'May', 'Made', 'Last used']} acts="Revoke">
        {keys.map((key) => (
          <tr key={key.id}>
            <th scope="row">
              {key.name}
              <span className="mut line">{key.hint}…</span>
            </th>
            <td>
              <TagList names={key.scopes} />
            </td>
            <td data-of="made">
              {fullOf(key.created_at)}
              <span className="mut line">by {key.made_by}</span>
            </td>
            <td data-of="last used">
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
      </Table>
    </Box>
  );
}
