import { dialog } from '../app/handles.ts';
import { may, type Command } from './command.ts';

export const stop: Command = {
  id: 'stop',
  label: 'Stop the AI…',
  group: 'Assistant',
  shortcut: null,
  // With everything stopped there is nothing left to stop.
  when: ({ me, stops }) => may(me, 'stops.write') && !stops.some((one) => one.topic === null),
  run: () => dialog.set('stop'),
};

export const resumeAll: Command = {
  id: 'resume',
  label: 'Let the AI answer again',
  group: 'Assistant',
  shortcut: null,
  when: ({ stops, me }) => stops.length > 0 && may(me, 'stops.lift'),
  run: async ({ stops, actions }) => {
    for (const each of stops) await actions.resume(each.id);
  },
};
