import type { DeliveryView, WebhookView } from '@bothands/protocol';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { fullOf } from '../../../data/times.ts';
import { Modal } from '../../../parts/modal.tsx';
import { deliveriesQuery, useSettings } from '../data.ts';

const REFRESH_MS = 3_000;

/** What was told lately, and how it was answered; looked at anew while it is open. */
export function Deliveries({ webhook, onClose }: { webhook: WebhookView; onClose: () => void }) {
  const settings = useSettings();
  const query = useQuery({ ...deliveriesQuery(webhook.id), refetchInterval: REFRESH_MS });
  const [refusal, setRefusal] = useState('');
  const deliveries = query.data ?? [];
  const act = (work: () => Promise<unknown>) => {
    setRefusal('');
    void work().catch((error: Error) => setRefusal(error.message));
  };
  return (
    <Modal title="Deliveries" isWide onClose={onClose}>
      <div className="dialog-body">
        <p className="sec address">{webhook.url}</p>
        <div role="alert">{refusal && <p className="notice bad">{refusal}</p>}</div>
        {deliveries.length === 0 ? (
          <p className="mut">{query.isPending ? 'Loading…' : 'Nothing was told yet. Send a test to see whether it arrives.'}</p>
        ) : (
          <ul className="lines deliveries">
            {deliveries.map((one) => (
              <li key={one.id}>
                <span className="grow">
                  <b>{one.event_type}</b> <State one={one} />
                  <span className="mut line">{fullOf(one.at)}{one.last_error && `, ${one.last_error}`}</span>
                </span>
                <button type="button" className="btn small" onClick={() => act(() => settings.replay(webhook.id, one.id))}>
                  Send again<span className="only-read">: {one.event_type}, {fullOf(one.at)}</span>
                </button>
              </li>
            ))}
          </ul>
        )}
      </div>
      <footer className="dialog-foot">
        <button type="button" className="btn" onClick={() => act(() => settings.testWebhook(webhook.id))}>
          Send a test
        </button>
        <button type="button" className="btn" onClick={onClose}>
          Done
        </button>
      </footer>
    </Modal>
  );
}

function State({ one }: { one: DeliveryView }) {
  const tries = one.attempts > 1 ? `, ${one.attempts} tries` : '';
  if (one.state === 'delivered') return <span className="tag hu">delivered{one.last_code && ` (${one.last_code})`}{tries}</span>;
  if (one.state === 'given_up') return <span className="tag bad">given up{tries}</span>;
  return <span className="tag warn">waiting{tries}</span>;
}
