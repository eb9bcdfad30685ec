import type { DeskView } from '@bothands/protocol';
import { may, type Command, type Page } from './command.ts';

const view = (name: DeskView, label: string, key: string): Command => ({
  id: `view-${name}`,
  label: `Inbox: ${label}`,
  group: 'Go to',
  shortcut: `g ${key}`,
  when: () => true,
  run: ({ place }) => place.open(name, null),
});

const page = (name: Page, label: string, key: string): Command => ({
  id: `page-${name}`,
  label,
  group: 'Go to',
  shortcut: `g ${key}`,
  when: ({ isReduced }) => !isReduced,
  run: ({ place }) => place.go(name),
});

export const goTo: Command[] = [
  view('yours', 'Yours', 'i'),
  view('handoffs', 'Handoffs', 'h'),
  view('ai', 'AI', 'a'),
  view('open', 'All open', 'o'),
  view('closed', 'Closed', 'c'),
  page('mentions', 'Mentions', 'n'),
  page('knowledge', 'Knowledge', 'k'),
  page('charter', 'Charter', 'r'),
  { ...page('settings', 'Settings', 's'), when: ({ me, isReduced }) => !isReduced && may(me, 'agents.read') },
  page('me', 'You', 'm'),
];
