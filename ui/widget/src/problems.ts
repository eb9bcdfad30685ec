import type { Problem } from '@bothands/protocol';
import { say } from './say.ts';

const bare = (text: string) => text.trim().replace(/\.$/, '');

/** Name, cause and cure of a problem, as one short text. */
export function sayProblem(problem: Problem): string {
  const { thing, cause, cure } = problem;
  if (thing && cause && cure) return say('problem', { thing: first(bare(thing)), cause: bare(cause), cure: first(bare(cure)) });
  return problem.detail || say('problem_plain');
}

const first = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
