import type { Problem } from '@bothands/protocol';

const BASE = '/api/v1';
const CALL_SECONDS_MAX = 30;

/** A refusal in the server's own words: thing, cause and cure. */
export class Refused extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(wordsOf(problem));
    this.problem = problem;
  }

  get code() {
    return this.problem.code;
  }
  get status() {
    return this.problem.status;
  }
}

export function wordsOf(problem: Problem): string {
  if (!problem.cause) return problem.detail || problem.title;
  const sentence = `${sentenceCase(problem.thing ?? problem.title)}: ${problem.cause}.`;
  return problem.cure ? `${sentence} ${sentenceCase(problem.cure)}.` : sentence;
}

const sentenceCase = (text: string) => text.charAt(0).toUpperCase() + text.slice(1).replace(/\.$/, '');

export function cookie(name: string): string | null {
  const found = document.cookie.split('; ').find((part) => part.startsWith(`${name}=`));
  return found ? decodeURIComponent(found.slice(name.length + 1)) : null;
}

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export async function call<T>(method: Method, path: string, body?: unknown): Promise<T> {
  let response: Response;
  try {
    response = await fetch(BASE + path, {
      method,
      credentials: 'same-origin',
      headers: headersOf(method, body),
      body: body === undefined ? undefined : body instanceof FormData ? body : JSON.stringify(body),
      signal: AbortSignal.timeout(CALL_SECONDS_MAX * 1000),
    });
  } catch (error) {
    throw new Refused(unreachable(error));
  }
  const text = await response.text();
  if (!response.ok) throw new Refused(problemOf(response, text));
  return (text ? JSON.parse(text) : undefined) as T;
}

function headersOf(method: Method, body: unknown): Record<string, string> {
  const headers: Record<string, string> = { accept: 'application/json' };
  if (body !== undefined && !(body instanceof FormData)) headers['content-type'] = 'application/json';
  const csrf = cookie('bothands_csrf');
  if (method !== 'GET' && csrf) headers['x-csrf-token'] = csrf;
  return headers;
}

function problemOf(response: Response, text: string): Problem {
  try {
    const problem = JSON.parse(text) as Partial<Problem>;
    if (typeof problem.code === 'string') return { ...problem, status: response.status } as Problem;
  } catch {
    // Not ours: a proxy's page, perhaps.
  }
  return {
    type: 'about:blank',
    title: 'The server answered with an error',
    status: response.status,
    code: `http-${response.status}`,
    thing: 'the server',
    cause: `it answered ${response.status}`,
    cure: 'try again in a moment',
  };
}

function unreachable(error: unknown): Problem {
  const late = error instanceof DOMException && error.name === 'TimeoutError';
  return {
    type: 'about:blank',
    title: 'No connection',
    status: 0,
    code: late ? 'too-late' : 'unreachable',
    thing: 'the server',
    cause: late ? 'no answer within 30 seconds' : 'it could not be reached',
    cure: 'check the connection and try again',
  };
}
