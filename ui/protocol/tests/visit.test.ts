import { describe, expect, test } from 'vitest';
import { newVisit, reduceVisit, type Outgoing, type Visit, type VisitEvent } from '../src/index.ts';
import { message, problem, state, welcome } from './people.ts';

const said = (client_id: string, text = 'Hello'): Outgoing => ({ client_id, kind: 'send', text, attachments: [], at: '2026-11-21T10:00:00Z', seq: null, problem: null });
const after = (events: VisitEvent[], from: Visit = newVisit(null)) => events.reduce(reduceVisit, from);

describe('entries', () => {
  test('arrive once, in order, however they are repeated or shuffled', () => {
    const entries = [1, 2, 3, 4].map((seq) => message(seq));
    const straight = after([welcome(), { is: 'entries', entries, seq: 4 }]);
    const shuffled = after([
      welcome(),
      { is: 'entries', entries: [entries[2]!, entries[0]!], seq: 4 },
      { is: 'entries', entries: [entries[1]!, entries[2]!, entries[3]!], seq: 4 },
      { is: 'entries', entries, seq: 4 },
    ]);
    expect(shuffled.entries).toEqual(straight.entries);
    expect(shuffled.seq).toBe(4);
  });

  test('of another conversation replace those of the former one', () => {
    const visit = after([welcome('conv_1'), { is: 'entries', entries: [message(1)], seq: 1 }, welcome('conv_2')]);
    expect(visit.entries).toEqual([]);
    expect(visit.seq).toBe(0);
    expect(visit.isCaughtUp).toBe(false);
  });

  test('of a conversation opened after a closing begin anew', () => {
    const next = { ...message(1, 'contact'), conversation_id: 'conv_2' };
    const visit = after([welcome(), { is: 'entries', entries: [message(1), message(2)], seq: 2 }, { is: 'entries', entries: [next], seq: 1 }]);
    expect(visit.entries).toEqual([next]);
    expect(visit.seq).toBe(1);
  });

  test('survive a reconnect to the same conversation', () => {
    const visit = after([welcome(), { is: 'entries', entries: [message(1)], seq: 1 }, { is: 'link', link: 'offline' }, welcome()]);
    expect(visit.entries).toHaveLength(1);
  });

  test('end the typing of their author, not of another', () => {
    const typing: VisitEvent = { is: 'typing', author_kind: 'agent', author_name: 'Bo' };
    expect(after([welcome(), typing, { is: 'entries', entries: [message(1, 'agent')], seq: 1 }]).typing).toBeNull();
    expect(after([welcome(), typing, { is: 'entries', entries: [message(1, 'contact')], seq: 1 }]).typing).not.toBeNull();
  });
});

describe('what was said', () => {
  test('stays in sight between being stored and being seen', () => {
    const stored = after([welcome(), { is: 'queued', outgoing: said('c-1') }, { is: 'stored', client_id: 'c-1', seq: 5 }]);
    expect(stored.outgoing[0]?.seq).toBe(5);
    const seen = after([{ is: 'entries', entries: [message(5, 'contact', 'c-1')], seq: 5 }], stored);
    expect(seen.outgoing).toEqual([]);
    expect(seen.entries).toHaveLength(1);
  });

  test('is gone at once when it was seen before it was stored', () => {
    const visit = after([
      welcome(),
      { is: 'queued', outgoing: said('c-1') },
      { is: 'entries', entries: [message(5, 'contact', 'c-1')], seq: 5 },
      { is: 'stored', client_id: 'c-1', seq: 5 },
    ]);
    expect(visit.outgoing).toEqual([]);
  });

  test('and asked for a person, is done when stored', () => {
    const asked = { ...said('c-2'), kind: 'ask_person' as const };
    expect(after([welcome(), { is: 'queued', outgoing: asked }, { is: 'stored', client_id: 'c-2', seq: 2 }]).outgoing).toEqual([]);
  });

  test('and refused, keeps its reason until it is tried again', () => {
    const refused = after([welcome(), { is: 'queued', outgoing: said('c-1') }, { is: 'refused', client_id: 'c-1', error: problem() }]);
    expect(refused.outgoing[0]?.problem?.code).toBe('too-long');
    expect(refused.problem).toBeNull();
    expect(after([{ is: 'retried', client_id: 'c-1' }], refused).outgoing[0]?.problem).toBeNull();
  });

  test('in another tab joins in the order of saying, each once', () => {
    const early = { ...said('c-0', 'First'), at: '2026-11-21T09:59:00Z' };
    const visit = after([welcome(), { is: 'queued', outgoing: said('c-1') }, { is: 'loaded', outgoing: [early, said('c-1')] }]);
    expect(visit.outgoing.map((one) => one.client_id)).toEqual(['c-0', 'c-1']);
  });

  test('and already in the timeline is not taken from the shelf again', () => {
    const visit = after([welcome(), { is: 'entries', entries: [message(1, 'contact', 'c-1')], seq: 1 }, { is: 'loaded', outgoing: [said('c-1')] }]);
    expect(visit.outgoing).toEqual([]);
  });
});

test('a refusal without a message is a problem of the visit', () => {
  expect(after([{ is: 'refused', client_id: null, error: problem() }]).problem?.code).toBe('too-long');
});

test('a frame of a newer server changes nothing', () => {
  const visit = newVisit(null);
  expect(reduceVisit(visit, { is: 'fireworks' } as unknown as VisitEvent)).toBe(visit);
});

test('a new state replaces the old one whole', () => {
  expect(after([welcome(), { is: 'state', state: { ...state(), rated: true } }]).state?.rated).toBe(true);
});
