import { useQuery } from '@tanstack/react-query';
import { useDesk } from '../../app/desk.tsx';
import { trouble } from '../../app/handles.ts';
import { signInsQuery } from '../../data/queries.ts';
import { fullOf } from '../../data/times.ts';

export function SignIns() {
  const { actions } = useDesk();
  const signIns = useQuery(signInsQuery).data ?? [];
  const revoke = (id: string) => actions.revoke(id).catch((error: Error) => trouble.set(error.message));
  return (
    <section className="box" aria-labelledby="sign-ins-title">
      <h2 id="sign-ins-title">Where you are signed in</h2>
      <div className="table-box" tabIndex={0} role="region" aria-label="Table of sign-ins">
        <table className="table">
          <thead>
            <tr>
              <th scope="col">Device</th>
              <th scope="col">Since</th>
              <th scope="col">Last seen</th>
              <th scope="col">
                <span className="only-read">End it</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {signIns.map((one) => (
              <tr key={one.id}>
                <th scope="row">
                  {one.device || 'Browser'} {one.is_current && <span className="tag hu">here</span>}
                </th>
                <td>{one.created_at ? fullOf(one.created_at) : ''}</td>
                <td>{one.last_seen_at ? fullOf(one.last_seen_at) : ''}</td>
                <td>
                  {!one.is_current && (
                    <button type="button" className="btn small" onClick={() => void revoke(one.id)}>
                      End this sign-in
                    </button>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
