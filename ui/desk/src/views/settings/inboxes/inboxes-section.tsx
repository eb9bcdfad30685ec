import type { InboxView } from '@bothands/protocol';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useDesk } from '../../../app/desk.tsx';
import { may } from '../../../commands/command.ts';
import { inboxesQuery } from '../data.ts';
import { Nothing, Section } from '../parts/section.tsx';
import { InboxCard } from './inbox-card.tsx';
import { InboxDialog } from './inbox-dialog.tsx';

export function InboxesSection() {
  const { me } = useDesk();
  const query = useQuery(inboxesQuery);
  const [open, setOpen] = useState<InboxView | 'new' | null>(null);
  const mayChange = may(me, 'inboxes.write');
  const inboxes = query.data ?? [];
  const add = (
    <button type="button" className="btn pri" onClick={() => setOpen('new')}>
      New inbox…
    </button>
  );
  return (
    <Section title="Inboxes" says="Where customers write to: a chat on your pages, each with its own name, pages and secrets." act={mayChange && add} query={query}>
      {inboxes.length === 0 && (
        <Nothing title="No inbox yet">
          <p className="sec">Make one, then put its line of HTML on your pages. Customers can chat from that moment.</p>
        </Nothing>
      )}
      {inboxes.map((inbox) => (
        <InboxCard key={inbox.id} inbox={inbox} onChange={mayChange ? () => setOpen(inbox) : null} />
      ))}
      {open && <InboxDialog inbox={open === 'new' ? null : open} onClose={() => setOpen(null)} />}
    </Section>
  );
}
