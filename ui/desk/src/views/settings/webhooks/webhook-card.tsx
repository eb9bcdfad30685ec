import type { WebhookMade, WebhookView } from '@bothands/protocol';
import { trouble } from '../../../app/handles.ts';
import { fullOf } from '../../../data/times.ts';
import { TagList } from '../../../parts/tag-list.tsx';
import { useSettings } from '../data.ts';

interface WebhookCardProps {
  webhook: WebhookView;
  onChange: () => void;
  onDeliveries: () => void;
  onSecret: (made: WebhookMade) => void;
}

export function WebhookCard({ webhook, onChange, onDeliveries, onSecret }: WebhookCardProps) {
  const settings = useSettings();
  const id = `webhook-${webhook.id}`;
  const renew = () => void settings.renewWebhookSecret(webhook.id).then(onSecret, (error: Error) => trouble.set(error.message));
  return (
    <section className="box" aria-labelledby={id}>
      <header className="box-head">
        <h2 id={id} className="address">
          {webhook.url}
        </h2>
        <span className="row-acts">
          <button type="button" className="btn small" aria-describedby={id} onClick={onDeliveries}>
            Deliveries…
          </button>
          <button type="button" className="btn small" aria-describedby={id} onClick={renew}>
            New secret
          </button>
          <button type="button" className="btn small" aria-describedby={id} onClick={onChange}>
            Change…
          </button>
        </span>
      </header>
      {webhook.description && <p className="sec">{webhook.description}</p>}
      <dl className="facts">
        <dt>Now</dt>
        <dd>
          <Now webhook={webhook} />
        </dd>
        <dt>Is told of</dt>
        <dd>
          <TagList names={webhook.event_types} />
        </dd>
        <dt>Texts of messages</dt>
        <dd>{webhook.include_text ? 'are sent along' : 'are not sent, only their ids'}</dd>
      </dl>
    </section>
  );
}

function Now({ webhook }: { webhook: WebhookView }) {
  const waiting = webhook.waiting > 0 ? `, ${webhook.waiting} waiting` : '';
  if (webhook.disabled_at) {
    return (
      <>
        <span className="tag bad">off since {fullOf(webhook.disabled_at)}</span> {webhook.disabled_reason}
      </>
    );
  }
  if (webhook.failing_since) {
    return (
      <>
        <span className="tag warn">does not answer since {fullOf(webhook.failing_since)}</span>
        {waiting}
      </>
    );
  }
  return (
    <>
      <span className="tag hu">on</span>
      {waiting}
    </>
  );
}
