import type { WebhookMade, WebhookView } from '@bothands/protocol';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Modal } from '../../../parts/modal.tsx';
import { webhooksQuery } from '../data.ts';
import { Copied } from '../parts/copied.tsx';
import { Nothing, Section } from '../parts/section.tsx';
import { Deliveries } from './deliveries.tsx';
import { WebhookCard } from './webhook-card.tsx';
import { WebhookDialog } from './webhook-dialog.tsx';

type Open = { what: 'new' } | { what: 'change' | 'deliveries'; webhook: WebhookView } | { what: 'secret'; made: WebhookMade } | null;

export function WebhooksSection() {
  const query = useQuery(webhooksQuery);
  const [open, setOpen] = useState<Open>(null);
  const webhooks = query.data?.webhooks ?? [];
  const types = query.data?.types ?? [];
  const close = () => setOpen(null);
  const made = (one: WebhookMade) => setOpen({ what: 'secret', made: one });
  const add = (
    <button type="button" className="btn pri" onClick={() => setOpen({ what: 'new' })}>
      New webhook…
    </button>
  );
  return (
    <Section title="Webhooks" says="Your own systems are told what happens, signed, and told again until they answer." act={add} query={query}>
      {webhooks.length === 0 && (
        <Nothing title="No webhooks yet">
          <p className="sec">Make one when a system of yours shall hear of new messages, handovers or closings. It needs an address that takes a POST.</p>
        </Nothing>
      )}
      {webhooks.map((webhook) => (
        <WebhookCard
          key={webhook.id}
          webhook={webhook}
          onChange={() => setOpen({ what: 'change', webhook })}
          onDeliveries={() => setOpen({ what: 'deliveries', webhook })}
          onSecret={made}
        />
      ))}
      {open?.what === 'new' && <WebhookDialog webhook={null} types={types} onMade={made} onClose={() => setOpen((now) => (now?.what === 'new' ? null : now))} />}
      {open?.what === 'change' && <WebhookDialog webhook={open.webhook} types={types} onMade={made} onClose={close} />}
      {open?.what === 'deliveries' && <Deliveries webhook={open.webhook} onClose={close} />}
      {open?.what === 'secret' && (
        <Modal title="The webhook’s secret" onClose={close}>
          <div className="dialog-body">
            <p>With it your system verifies that a call is ours (Standard Webhooks). Keep it now: it is not shown again.</p>
            <Copied label="Secret" text={open.made.secret} />
          </div>
          <footer className="dialog-foot">
            <button type="button" className="btn" onClick={close}>
              Done
            </button>
          </footer>
        </Modal>
      )}
    </Section>
  );
}
