import { beforeEach, expect, test } from 'vitest';
import { undoable } from '../src/app/handles.ts';
import { commandFor } from '../src/commands/keys.ts';
import { matching } from '../src/commands/matching.ts';
import { commands } from '../src/commands/registry.ts';
import { bind, capsOf, pressedOf, shortcutOf } from '../src/commands/shortcut.ts';
import { keep } from '../src/data/kept.ts';
import { byBo, byEcho, rowOf, sceneOf } from './people.ts';

beforeEach(() => keep('shortcuts', null));

const waiting = sceneOf(rowOf('conv_1'));
const mine = sceneOf(rowOf('conv_1', { holder: byBo }));
const pressed = (key: string, more: Partial<KeyboardEvent> = {}) =>
  pressedOf({ key, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...more });

test('no two commands share a key', () => {
  const keys = commands.map((command) => shortcutOf(command)).filter(Boolean);
  expect(new Set(keys).size).toBe(keys.length);
});

test('every id is used once', () => {
  expect(new Set(commands.map((command) => command.id)).size).toBe(commands.length);
});

test('T takes over what waits, and does nothing for what is mine', () => {
  expect(commandFor('t', '', waiting)?.id).toBe('take-over');
  expect(commandFor('t', '', mine)).toBeNull();
});

test('B and E are for the holder only', () => {
  expect(commandFor('b', '', waiting)).toBeNull();
  expect(commandFor('b', '', mine)?.id).toBe('hand-back');
  expect(commandFor('e', '', mine)?.id).toBe('close');
});

test('taking over is possible from the assistant and from a colleague, not from a closed conversation', () => {
  expect(commandFor('t', '', sceneOf(rowOf('c', { holder: byEcho })))?.id).toBe('take-over');
  expect(commandFor('t', '', sceneOf(rowOf('c', { closed_at: '2026-11-22T11:00:00Z' })))).toBeNull();
});

test('G then H goes to the handoffs', () => {
  expect(commandFor('h', 'g', waiting)?.id).toBe('view-handoffs');
  expect(commandFor('h', '', waiting)).toBeNull();
});

test('a key can be changed, switched off and set back', () => {
  bind('take-over', 'y');
  expect(commandFor('y', '', waiting)?.id).toBe('take-over');
  expect(commandFor('t', '', waiting)).toBeNull();
  bind('take-over', '');
  expect(commandFor('y', '', waiting)).toBeNull();
  bind('take-over', null);
  expect(commandFor('t', '', waiting)?.id).toBe('take-over');
});

test('keys are named by what they type', () => {
  expect(pressed('?', { shiftKey: true })).toBe('?');
  expect(pressed('K', { ctrlKey: true })).toBe('mod+k');
  expect(pressed('E', { shiftKey: true })).toBe('shift+e');
  expect(pressed('Enter', { metaKey: true })).toBe('mod+Enter');
  expect(capsOf('g h')).toEqual(['G', 'H']);
});

test('stopping needs the permission, lifting a stop another one', () => {
  const stops = [{ id: 'stop_1', topic: null, reason: '', at: '2026-11-22T10:00:00Z', by: 'Chi Park' }];
  const stop = commands.find((command) => command.id === 'stop')!;
  const resume = commands.find((command) => command.id === 'resume')!;
  expect(stop.when(waiting)).toBe(true);
  expect(resume.when({ ...waiting, stops })).toBe(false);
  expect(resume.when({ ...waiting, stops, me: { ...waiting.me, permissions: ['stops.lift'] } })).toBe(true);
});

test('the palette finds by the beginnings of words', () => {
  expect(matching(commands, 'tak ov')[0]?.id).toBe('take-over');
  expect(matching(commands, 'handoffs')[0]?.id).toBe('view-handoffs');
  expect(matching(commands, 'zzz')).toEqual([]);
});

test('a closing is undone by Ctrl+Z while it can be, and then no more', async () => {
  expect(commandFor('mod+z', '', waiting)).toBeNull();
  undoable.set('conv_1');
  const undone: string[] = [];
  const undoClosing = (id: string) => Promise.resolve(void undone.push(id));
  const scene = { ...waiting, actions: { ...waiting.actions, undoClosing } };
  const command = commandFor('mod+z', '', scene)!;
  await command.run(scene);
  expect(undone).toEqual(['conv_1']);
  expect(commandFor('mod+z', '', scene)).toBeNull();
});
