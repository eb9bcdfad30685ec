import type { ContactPanel as Contact, Entry, OrderCard } from '@bothands/protocol';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useDesk } from '../../app/desk.tsx';
import { panelShown } from '../../app/handles.ts';
import { conversationQuery, entriesQuery } from '../../data/queries.ts';
import { dayOf, fullOf } from '../../data/times.ts';
import { Avatar } from '../../parts/avatar.tsx';
import { Icon } from '../../parts/icon.tsx';
import { ContactData } from './contact-data.tsx';
import { OrderCardView } from './order-card.tsx';

export function ContactPanel({ id }: { id: string }) {
  const client = useQueryClient();
  const conversation = useQuery(conversationQuery(id)).data;
  const entries = useQuery(entriesQuery(client, id)).data?.entries ?? [];
  if (!conversation) return <aside className="panel" aria-label="Contact" aria-busy="true" />;
  const { contact } = conversation;
  const card = latestCard(entries);
  return (
    <aside className="panel" aria-label="Contact">
      <header>
        <button type="button" className="btn icon quiet panel-toggle" aria-label="Back to the conversation" onClick={() => panelShown.set(false)}>
          <Icon name="back" />
        </button>
        <Avatar kind="contact" name={contact.name} />
        <div>
          <h2>
            {contact.name}
            {contact.identity === 'verified' && (
              <span className="verified" aria-hidden="true" title={IDENTITIES.verified}>
                <Icon name="check" />
              </span>
            )}
          </h2>
          <p className="mut">{conversation.row.contact.is_anonymous ? 'Has left no name' : (contact.email ?? contact.phone ?? 'Web chat')}</p>
        </div>
      </header>
      <dl className="kv">
        <Details contact={contact} />
      </dl>
      {card && (
        <section>
          <h3>This order</h3>
          <OrderCardView card={card} />
        </section>
      )}
      <Facts facts={contact.facts ?? {}} />
      <Earlier contact={contact} />
      <ContactData contactId={contact.id} name={conversation.row.contact.is_anonymous ? contact.id : contact.name} />
    </aside>
  );
}

const latestCard = (entries: readonly Entry[]): OrderCard | null =>
  entries.map((entry) => (entry.kind === 'message' ? (entry.ref.card ?? null) : null)).findLast(Boolean) ?? null;

function Details({ contact }: { contact: Contact }) {
  const pairs: [string, string | null | undefined][] = [
    ['Identity', IDENTITIES[contact.identity] ?? contact.identity],
    ['Customer id', contact.external_id],
    ['First seen', contact.first_seen_at ? fullOf(contact.first_seen_at) : null],
    ['E-mail', contact.email],
    ['Phone', contact.phone],
    ['Language', contact.language ? languageOf(contact.language) : null],
  ];
  return pairs.map(([label, value]) => value && <Pair key={label} label={label} value={value} />);
}

/** How far the company knows who this is; the words tell an agent what may be said to them. */
const IDENTITIES: Record<string, string> = {
  anonymous: 'Unknown visitor',
  claimed: 'As they say, not verified',
  verified: 'Verified by sign-in',
};

const LANGUAGES = typeof Intl.DisplayNames === 'function' ? new Intl.DisplayNames(undefined, { type: 'language' }) : null;

function languageOf(code: string): string {
  try {
    return LANGUAGES?.of(code) ?? code;
  } catch {
    return code;
  }
}

function Pair({ label, value }: { label: string; value: string }) {
  return (
    <>
      <dt>{label}</dt>
      <dd>{value}</dd>
    </>
  );
}

function Facts({ facts }: { facts: Record<string, string> }) {
  const pairs = Object.entries(facts);
  if (pairs.length === 0) return null;
  return (
    <section>
      <h3>Known so far</h3>
      <dl className="kv">
        {pairs.map(([label, value]) => (
          <Pair key={label} label={label.replaceAll('_', ' ')} value={String(value)} />
        ))}
      </dl>
    </section>
  );
}

function Earlier({ contact }: { contact: Contact }) {
  const { place } = useDesk();
  const earlier = contact.earlier ?? [];
  return (
    <section>
      <h3>
        Earlier conversations <span>{earlier.length}</span>
      </h3>
      {earlier.length === 0 ? (
        <p className="mut">This is the first one.</p>
      ) : (
        <ul className="hist">
          {earlier.map((one) => (
            <li key={one.id}>
              <span className="mut">{dayOf(one.closed_at)}</span>
              <a href={place.hrefOf('closed', one.id)}>
                {one.subject} <span className="mut">{one.by}</span>
              </a>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
