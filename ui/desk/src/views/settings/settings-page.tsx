import { Link, useParams } from '@tanstack/react-router';
import type { ComponentType } from 'react';
import { useDesk } from '../../app/desk.tsx';
import { may } from '../../commands/command.ts';
import { InboxesSection } from './inboxes/inboxes-section.tsx';
import { ApiKeysSection } from './keys/api-keys-section.tsx';
import { PeopleSection } from './people/people-section.tsx';
import { TeamsSection } from './teams/teams-section.tsx';
import { WebhooksSection } from './webhooks/webhooks-section.tsx';
import './settings.css';

const SECTIONS: [part: string, title: string, permission: string, Section: ComponentType][] = [
  ['people', 'People', 'agents.read', PeopleSection],
  ['teams', 'Teams', 'teams.read', TeamsSection],
  ['inboxes', 'Inboxes', 'inboxes.read', InboxesSection],
  ['api-keys', 'API keys', 'access.read', ApiKeysSection],
  ['webhooks', 'Webhooks', 'webhooks.read', WebhooksSection],
];

export function SettingsPage() {
  const { me } = useDesk();
  const { part = '' } = useParams({ strict: false });
  const shown = SECTIONS.filter(([, , permission]) => may(me, permission));
  const open = shown.find(([one]) => one === part) ?? shown[0];
  if (!open) return <p className="empty">An admin looks after the settings.</p>;
  const [current, , , Content] = open;
  return (
    <div className="page settings">
      <nav className="settings-nav" aria-label="Settings">
        {shown.map(([one, title]) => (
          <Link key={one} to="/settings/$part" params={{ part: one }} aria-current={one === current ? 'page' : undefined}>
            {title}
          </Link>
        ))}
      </nav>
      <div>
        <Content key={current} />
      </div>
    </div>
  );
}
