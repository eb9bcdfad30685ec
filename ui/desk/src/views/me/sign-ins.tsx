import { useQuery } from '@tanstack/react-query';
import { useDesk } from '../../app/desk.tsx';
import { trouble } from '../../app/handles.ts';
import { deviceOf } from '../../data/devices.ts';
import { signInsQuery } from '../../data/queries.ts';
import { fullOf } from '../../data/times.ts';
import { Box } from '../../parts/box.tsx';
import { Table } from '../../parts/table.tsx';

export function SignIns() {
  const { actions } = useDesk();
  const signIns = useQuery(signInsQuery).data ?? [];
  const revoke = (id: string) => actions.revoke(id).catch((error: Error) => trouble.set(error.message));
  return (
    <Box title="Where you are signed in">
      <Table of="sign-ins" columns={['Device', 'Since', 'Last seen']} acts="End it">
        {signIns.map((one) => (
          <tr key={one.id}>
            <th scope="row">
              {deviceOf(one.device)} {one.is_current && <span className="tag hu">here</span>}
            </th>
            <td data-of="since">{one.created_at ? fullOf(one.created_at) : ''}</td>
            <td data-of="last seen">{one.last_seen_at ? fullOf(one.last_seen_at) : ''}</td>
            <td>
              {!one.is_current && (
                <button type="button" className="btn small" onClick={() => void revoke(one.id)}>
                  End this sign-in
                </button>
              )}
            </td>
          </tr>
        ))}
      </Table>
    </Box>
  );
}
