import { randomUUID } from 'node:crypto';
import { articles, entry, makeConversations, MAYA, me, topics } from './data.mjs';

export const conversations = makeConversations();
const find = (id) => conversations.find((one) => one.row.id === id);
let stops = [];
let hint = () => {};
export const onHint = (listener) => (hint = listener);
export const changed = (one) => hint({ is: 'changed', conversation_id: one.row.id, seq: one.row.seq });

const VIEWS = {
  yours: ({ row }) => !row.closed_at && row.holder.id === me.id,
  handoffs: ({ row }) => !row.closed_at && row.holder.kind === 'queue',
  ai: ({ row }) => !row.closed_at && row.holder.kind === 'assistant',
  open: ({ row }) => !row.closed_at,
  closed: ({ row }) => row.closed_at,
};
const problem = (status, code, thing, cause, cure) => ({ status, body: { type: `/errors/${code}`, title: code, status, code, thing, cause, cure } });

const routes = [
  ['GET', /^\/me$/, () => me],
  ['PUT', /^\/me\/availability$/, (_, body) => void (me.availability = body.available ? 'available' : 'away')],
  ['PUT', /^\/me\/password$/, () => undefined],
  ['POST', /^\/sign-in\/link$/, (_, body) => (body.token === 'good' ? me : problem(401, 'link-used', 'sign-in link', 'it was used already', 'ask for a new one'))],
  ['POST', /^\/sign-in\/password$/, (_, body) => (body.password === 'correct horse' ? me : problem(401, 'wrong-password', 'sign-in', 'e-mail and password do not fit', 'check both'))],
  ['DELETE', /^\/sign-in$/, () => undefined],
  ['GET', /^\/sign-ins$/, () => ({ sign_ins: [signIn('s1', true), signIn('s2', false)] })],
  ['DELETE', /^\/sign-ins\/(\w+)$/, () => undefined],
  ['GET', /^\/conversations$/, (_m, _b, query) => listing(query)],
  ['GET', /^\/conversations\/(\w+)$/, ([, id]) => detail(id)],
  ['GET', /^\/conversations\/(\w+)\/entries$/, ([, id], _b, query) => page(id, query)],
  ['PUT', /^\/conversations\/(\w+)\/brief$/, ([, id], body) => fixBrief(id, body)],
  ['GET', /^\/conversations\/(\w+)\/suggestion$/, ([, id]) => find(id).suggestion],
  ['GET', /^\/conversations\/(\w+)\/decisions$/, ([, id]) => ({ decisions: find(id).decisions })],
  ['POST', /^\/conversations\/(\w+)\/messages$/, ([, id], body) => say(id, body)],
  ['POST', /^\/conversations\/(\w+)\/notes$/, ([, id], body) => told(id, 'note', body)],
  ['POST', /^\/conversations\/(\w+)\/take-over$/, ([, id]) => takeOver(id)],
  ['POST', /^\/conversations\/(\w+)\/hand-back$/, ([, id], body) => handBack(id, body)],
  ['POST', /^\/conversations\/(\w+)\/closing$/, ([, id], body) => closing(id, body)],
  ['DELETE', /^\/conversations\/(\w+)\/closing$/, ([, id]) => reopen(id)],
  ['GET', /^\/stops$/, () => ({ stops })],
  ['POST', /^\/stops$/, (_, body) => stop(body)],
  ['DELETE', /^\/stops\/(\w+)$/, ([, id]) => resume(id)],
  ['GET', /^\/charter$/, () => ({ topics })],
  ['PUT', /^\/charter\/topics\/(\w+)$/, ([, id], body) => void Object.assign(topics.find((one) => one.topic === id), body)],
  ['GET', /^\/knowledge\/articles$/, () => ({ articles })],
  ['POST', /^\/knowledge\/imports$/, () => ({ articles: 1, passages: 14, replies: 6, warnings: ['Line 9: no answer; the line was left out.'] })],
  ['POST', /^\/try-out$/, (_, body) => ({ results: body.questions.map(tryOne) })],
];

export function answer(method, path, query, body) {
  for (const [verb, pattern, work] of routes) {
    const match = verb === method && path.match(pattern);
    if (match && path.startsWith('/conversations/') && !find(match[1])) return problem(404, 'not-found', `conversation ${match[1]}`, 'no such conversation', 'check the address');
    if (match) {
      const result = work(match, body, query);
      return result?.status && result.body ? result : { status: result === undefined ? 204 : 200, body: result };
    }
  }
  return problem(404, 'not-found', `route ${path}`, 'no such route', 'check the path');
}

const signIn = (id, isCurrent) => ({ id, created_at: new Date().toISOString(), last_seen_at: new Date().toISOString(), is_current: isCurrent, device: isCurrent ? 'Chromium on Linux' : 'Firefox on macOS' });

function listing(query) {
  const view = query.get('view') ?? 'open';
  const rows = conversations.filter(VIEWS[view]).map((one) => one.row);
  const from = Number(query.get('cursor') || 0);
  const count = (name) => conversations.filter(VIEWS[name]).length;
  return {
    rows: rows.slice(from, from + 30), next_cursor: rows.length > from + 30 ? String(from + 30) : null,
    counts: { yours: count('yours'), handoffs: count('handoffs'), ai: count('ai'), open: count('open') },
  };
}

function detail(id) {
  const one = find(id);
  if (!one) return problem(404, 'not-found', `conversation ${id}`, 'no such conversation', 'check the address');
  const contact = { id: one.row.contact.id, name: one.row.contact.name, email: 'someone@mail.example', phone: null, language: 'en', first_seen_at: one.row.opened_at, facts: one.facts, earlier: id === 'conv_broken' ? [{ id: 'conv_done', subject: 'Invoice copy', closed_at: new Date(Date.now() - 864e5 * 20).toISOString(), by: 'Maya' }] : [] };
  return { row: one.row, contact, brief: one.brief, viewers: [], stop: stops[0] ?? null };
}

function page(id, query) {
  const since = Number(query.get('since') || 0);
  const one = find(id);
  return { entries: one.entries.filter((each) => each.seq > since).slice(0, Number(query.get('limit') || 200)), seq: one.row.seq };
}

function told(id, kind, body) {
  const one = find(id);
  const old = one.entries.find((each) => each.client_id === body.client_id);
  if (old) return old;
  const made = entry(one, kind, MAYA, body.text);
  made.client_id = body.client_id;
  changed(one);
  return made;
}

function say(id, body) {
  const one = find(id);
  const lastIn = one.entries.findLast((each) => each.author_kind === 'contact')?.seq ?? 0;
  if (lastIn > body.last_seen_seq) return problem(409, 'collision', 'your reply', 'a newer message came in', 'read it, then send');
  one.row.needs_reply = false;
  one.row.waiting_since = null;
  one.suggestion = { draft: null, next_step: null };
  return told(id, 'message', body);
}

const asAgent = () => ({ kind: 'agent', id: me.id, name: me.name });

function takeOver(id) {
  const one = find(id);
  entry(one, 'transfer', MAYA, '', { from: one.row.holder, to: asAgent() });
  one.row.holder = asAgent();
  one.row.needs_reply = true;
  changed(one);
}

function fixBrief(id, body) {
  const { brief } = find(id);
  const lines = brief.lines.map((line) => (line.label === body.label ? { ...line, text: body.text, certain: true, corrected_by: me.name } : line));
  return (find(id).brief = { ...brief, lines });
}

function handBack(id, body) {
  const one = find(id);
  entry(one, 'transfer', MAYA, '', { from: asAgent(), to: { kind: 'assistant', name: 'AI assistant' }, words: body.note });
  Object.assign(one.row, { holder: { kind: 'assistant', id: 'assistant', name: 'AI assistant' }, waiting_since: null });
  changed(one);
}

function closing(id, body) {
  const one = find(id);
  entry(one, 'closing', MAYA, '', { ...body, by: asAgent() });
  one.row.closed_at = new Date().toISOString();
  changed(one);
}

function reopen(id) {
  const one = find(id);
  one.row.closed_at = null;
  entry(one, 'reopening', MAYA, '');
  changed(one);
}

function stop(body) {
  const made = { id: randomUUID().slice(0, 6), ...body, at: new Date().toISOString(), by: me.name };
  stops = [...stops, made];
  for (const topic of topics) if (body.topic === null || topic.topic === body.topic) topic.stopped = true;
  hint({ is: 'stops' });
  return made;
}

function resume(id) {
  stops = stops.filter((one) => one.id !== id);
  for (const topic of topics) topic.stopped = stops.some((one) => one.topic === null || one.topic === topic.topic);
  hint({ is: 'stops' });
}

function tryOne(question, index) {
  const outcome = ['answered', 'answered', 'asked', 'handed_over'][index % 4];
  const sources = outcome === 'answered' ? [{ number: 1, title: 'Delivery and hours', section: 'Saturdays', kind: 'article' }] : [];
  return {
    question, outcome, sources, text: outcome === 'answered' ? 'Yes, on Saturdays between 09:00 and 14:00. [1]' : outcome === 'asked' ? 'Which one do you mean?' : '',
    choices: outcome === 'asked' ? ['Delivery date', 'Delivery price'] : [], reasons: [{ code: 'low_score', words: 'No source was close enough' }],
  };
}

/** Many customers at once, for looking at the list under load: HINTS=50 a second. */
export function busyDay(hintsASecond) {
  setInterval(() => {
    const one = conversations[Math.floor(Math.random() * conversations.length)];
    one.row.mood = { label: 'neutral', trend: [0.7, Math.random(), Math.random()] };
    if (Math.random() < 0.2) one.row.holder = { kind: 'queue', id: null, name: '' };
    one.row.waiting_since = new Date().toISOString();
    changed(one);
  }, 1000 / hintsASecond);
}

/** A customer writes, out of the blue: for trying updates that wait and collisions. */
export function customerWrites(id, text) {
  const one = find(id);
  entry(one, 'message', { kind: 'contact', id: one.row.contact.id, name: one.row.contact.name }, text);
  changed(one);
}

export function newHandoff() {
  const one = makeConversations()[1];
  one.row.id = `conv_${randomUUID().slice(0, 6)}`;
  one.row.contact.name = 'Newly Arrived';
  one.row.waiting_since = new Date().toISOString();
  conversations.push(one);
  changed(one);
}
