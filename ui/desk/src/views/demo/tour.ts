import type { Decision, Entry } from '@bothands/protocol';

export type StepName = 'ask' | 'stump' | 'person' | 'take-over' | 'stop' | 'faq';

export interface Step {
  name: StepName;
  title: string;
  side: 'customer' | 'agent';
  tip: string;
  detail: string;
  says: string[];
}

export const STEPS: readonly Step[] = [
  {
    name: 'ask',
    title: 'Ask',
    side: 'customer',
    tip: 'Ask what the shop knows.',
    detail: 'The answer comes with its source.',
    says: ['Do you deliver on Saturdays?', 'How do I wash the wool duvet?'],
  },
  {
    name: 'stump',
    title: 'Stump it',
    side: 'customer',
    tip: 'Ask what nobody wrote down.',
    detail: 'It asks back or says so. It does not guess.',
    says: ['Can I use the underblanket in a sauna?', 'Do you sell hammocks?'],
  },
  {
    name: 'person',
    title: 'Ask for a person',
    side: 'customer',
    tip: 'Complain, with a photo if you like.',
    detail: 'Or press Talk to a person. You see your true place in the queue.',
    says: ['My mattress arrived broken, again.'],
  },
  {
    name: 'take-over',
    title: 'Take over',
    side: 'agent',
    tip: 'Press Take over.',
    detail: 'The AI falls silent at once. Read the brief, then reply: your phone shows it.',
    says: [],
  },
  {
    name: 'stop',
    title: 'Stop',
    side: 'agent',
    tip: 'Stop the AI.',
    detail: 'Hand your chat back, stop it, then write on the phone: within a second it does nothing more.',
    says: [],
  },
  {
    name: 'faq',
    title: 'Try your own FAQ',
    side: 'agent',
    tip: 'Drop in your own questions and answers.',
    detail: 'Then paste questions and see what would be answered, asked or handed over.',
    says: [],
  },
];

/** Reasons with which the assistant admits that it has no answer. */
const STUMPED = new Set(['clarify', 'no_source', 'out_of_scope', 'unclear', 'low_score', 'below_threshold']);

export interface Seen {
  entries: readonly Entry[];
  decisions: readonly Decision[];
  wasStopped: boolean;
  hasTriedFaq: boolean;
}

/** Which steps the visitor has really done, read from what happened rather than from clicks. */
export function stepsDone({ entries, decisions, wasStopped, hasTriedFaq }: Seen): Set<StepName> {
  const done = new Set<StepName>();
  for (const entry of entries) {
    if (entry.kind === 'message' && entry.author_kind === 'assistant') {
      if ((entry.ref.sources?.length ?? 0) > 0 || entry.ref.card) done.add('ask');
      if ((entry.ref.choices?.length ?? 0) > 0) done.add('stump');
    }
    if (entry.kind === 'transfer' && entry.ref.to.kind === 'queue') done.add('person');
    if (entry.kind === 'transfer' && entry.ref.to.kind === 'agent') done.add('take-over');
  }
  if (decisions.some((decision) => decision.reasons.some((reason) => STUMPED.has(reason.code)))) done.add('stump');
  if (wasStopped) done.add('stop');
  if (hasTriedFaq) done.add('faq');
  return done;
}

export function currentStep(done: ReadonlySet<StepName>, chosen: StepName | null): Step | null {
  const wanted = STEPS.find((step) => step.name === chosen);
  if (wanted) return wanted;
  // On from the furthest that was done; what was skipped comes at the end.
  const furthest = STEPS.findLastIndex((step) => done.has(step.name));
  const open = (step: Step) => !done.has(step.name);
  return STEPS.slice(furthest + 1).find(open) ?? STEPS.find(open) ?? null;
}
