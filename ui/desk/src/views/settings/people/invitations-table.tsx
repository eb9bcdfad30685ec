import type { InvitationMade, InvitationView } from '@bothands/protocol';
import { useState } from 'react';
import { announce, trouble } from '../../../app/handles.ts';
import { fullOf } from '../../../data/times.ts';
import { Box } from '../../../parts/box.tsx';
import { Table } from '../../../parts/table.tsx';
import { roleName, useSettings } from '../data.ts';

interface InvitationsTableProps {
  invitations: readonly InvitationView[];
  hasMail: boolean;
  mayChange: boolean;
  onMade: (made: InvitationMade) => void;
}

export function InvitationsTable({ invitations, hasMail, mayChange, onMade }: InvitationsTableProps) {
  return (
    <Box title="Invited" count={invitations.length}>
      <Table of="invitations" columns={['Who', 'As', 'Invitation']} acts={mayChange && 'Send again or take back'}>
        {invitations.map((one) => (
          <tr key={one.id}>
            <th scope="row">
              {one.name}
              <span className="mut line">{one.email}</span>
            </th>
            <td>{roleName(one.role)}</td>
            <td>
              <State one={one} />
              <span className="mut line">by {one.invited_by}</span>
            </td>
            {mayChange && (
              <td>
                <Acts one={one} hasMail={hasMail} onMade={onMade} />
              </td>
            )}
          </tr>
        ))}
      </Table>
    </Box>
  );
}

export const isExpired = (one: Pick<InvitationView, 'expires_at'>, now = Date.now()) => new Date(one.expires_at).getTime() <= now;

function State({ one }: { one: InvitationView }) {
  if (one.problem) {
    return (
      <>
        <span className="tag bad">not delivered</span>
        <span className="mut line">{one.problem}</span>
      </>
    );
  }
  if (isExpired(one)) return <span className="tag warn">expired {fullOf(one.expires_at)}</span>;
  return (
    <>
      <span className="tag hu">{one.sent_at ? `mailed ${fullOf(one.sent_at)}` : 'open'}</span>
      <span className="mut line">until {fullOf(one.expires_at)}</span>
    </>
  );
}

function Acts({ one, hasMail, onMade }: { one: InvitationView; hasMail: boolean; onMade: (made: InvitationMade) => void }) {
  const settings = useSettings();
  const [isBusy, setBusy] = useState(false);
  const act = async (work: () => Promise<unknown>) => {
    setBusy(true);
    await work().catch((error: Error) => trouble.set(error.message));
    setBusy(false);
  };
  const renew = (asLink: boolean) =>
    act(async () => {
      onMade(await settings.renew(one.id, asLink));
      if (!asLink) announce(`The invitation of ${one.name} is sent again.`);
    });
  return (
    <span className="row-acts">
      {hasMail && (
        <button type="button" className="btn small" disabled={isBusy} onClick={() => void renew(false)}>
          Send again<span className="only-read"> to {one.name}</span>
        </button>
      )}
      <button type="button" className="btn small" disabled={isBusy} onClick={() => void renew(true)}>
        New link<span className="only-read"> for {one.name}</span>
      </button>
      <button type="button" className="btn small" disabled={isBusy} onClick={() => void act(() => settings.takeBack(one.id))}>
        Take back<span className="only-read"> the invitation of {one.name}</span>
      </button>
    </span>
  );
}
