import { expect, test } from 'vitest';
import { currentStep, stepsDone, STEPS } from '../src/views/demo/tour.ts';
import { byBo, decisionOf, entryOf } from './people.ts';

const nothing = { entries: [], decisions: [], wasStopped: false, hasTriedFaq: false };
const transferTo = (seq: number, to: { kind: 'queue' | 'agent' }) => ({ ...entryOf(seq), kind: 'transfer' as const, ref: { from: byBo, to } });
const answer = entryOf(2, { author_kind: 'assistant', ref: { sources: [{ number: 1, title: 'Delivery', kind: 'article' }] } });

test('the tour starts with asking and goes on by what happens', () => {
  expect(currentStep(stepsDone(nothing), null)?.name).toBe('ask');
  const done = stepsDone({ ...nothing, entries: [entryOf(1), answer] });
  expect([...done]).toEqual(['ask']);
  expect(currentStep(done, null)?.name).toBe('stump');
});

test('asking back or finding no source stumps it', () => {
  const asked = entryOf(4, { author_kind: 'assistant', ref: { choices: ['A', 'B'] } });
  expect(stepsDone({ ...nothing, entries: [asked] }).has('stump')).toBe(true);
  const decisions = [decisionOf({ reasons: [{ code: 'no_source', words: '' }] })];
  expect(stepsDone({ ...nothing, decisions }).has('stump')).toBe(true);
});

test('the queue and a person are noticed from the timeline', () => {
  const entries = [transferTo(3, { kind: 'queue' }), transferTo(4, { kind: 'agent' })];
  expect([...stepsDone({ ...nothing, entries })]).toEqual(['person', 'take-over']);
});

test('a step may be chosen by hand, and the end is an end', () => {
  expect(currentStep(new Set(), 'faq')?.name).toBe('faq');
  expect(currentStep(new Set(STEPS.map((step) => step.name)), null)).toBeNull();
});

test('whoever jumps ahead goes on from there, and comes back to what was skipped', () => {
  expect(currentStep(new Set(['person']), null)?.name).toBe('take-over');
  expect(currentStep(new Set(['person', 'take-over', 'stop', 'faq']), null)?.name).toBe('ask');
});
