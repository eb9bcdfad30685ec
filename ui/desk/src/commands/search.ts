import { searchHandle } from '../app/handles.ts';
import type { Command } from './command.ts';

export const search: Command = {
  id: 'search',
  label: 'Search conversations',
  group: 'Go to',
  shortcut: '/',
  when: ({ isReduced }) => !isReduced,
  run: ({ place }) => (place.page === 'search' ? searchHandle.get()?.focus() : place.go('search')),
};
