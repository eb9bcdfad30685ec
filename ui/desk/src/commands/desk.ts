import { dialog } from '../app/handles.ts';
import { nextTheme } from '../app/theme.ts';
import type { Command } from './command.ts';

export const palette: Command = {
  id: 'palette',
  label: 'Run a command',
  group: 'Desk',
  shortcut: 'mod+k',
  when: () => true,
  run: () => dialog.set('palette'),
};

export const shortcuts: Command = {
  id: 'shortcuts',
  label: 'Show all shortcuts',
  group: 'Desk',
  shortcut: '?',
  when: () => true,
  run: () => dialog.set('shortcuts'),
};

export const availability: Command = {
  id: 'availability',
  label: 'Switch between available and away',
  group: 'Desk',
  shortcut: null,
  when: () => true,
  run: ({ me, actions }) => actions.setAvailable(me.availability !== 'available'),
};

export const theme: Command = {
  id: 'theme',
  label: 'Switch between light and dark',
  group: 'Desk',
  shortcut: null,
  when: () => true,
  run: nextTheme,
};

export const signOut: Command = {
  id: 'sign-out',
  label: 'Sign out',
  group: 'Desk',
  shortcut: null,
  when: ({ isReduced }) => !isReduced,
  run: async ({ actions }) => {
    await actions.signOut();
    location.assign('/desk/sign-in');
  },
};
