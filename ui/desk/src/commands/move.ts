import { listHandle } from '../app/handles.ts';
import type { Command } from './command.ts';

const isList: Command['when'] = ({ place }) => place.page === 'inbox' || place.page === 'search';

export const next: Command = {
  id: 'next',
  label: 'Next conversation',
  group: 'Inbox',
  shortcut: 'j',
  when: isList,
  run: () => listHandle.get()?.move(1),
};

export const previous: Command = {
  id: 'previous',
  label: 'Previous conversation',
  group: 'Inbox',
  shortcut: 'k',
  when: isList,
  run: () => listHandle.get()?.move(-1),
};
