// The visitor's socket over the same made-up data, so that both sides of /demo meet in one conversation.
import { randomUUID } from 'node:crypto';
import { entry } from './data.mjs';

const AI = { kind: 'assistant', id: 'assistant', name: 'AI assistant' };
const KNOWN = { number: 1, title: 'Delivery and hours', section: 'Delivery days', url: null, kind: 'article', article_id: 'delivery' };
const THINKING_MS = 500;
const VISIBLE = new Set(['message', 'transfer', 'closing', 'reopening']);

export function serveVisitor(socket, { conversations, changed, make }) {
  let one = null;
  const say = (frame) => socket.readyState === 1 && socket.send(JSON.stringify(frame));
  const show = () => one && say({ is: 'entries', entries: one.entries.filter((each) => VISIBLE.has(each.kind)), seq: one.row.seq });
  const state = () => ({
    holder: one ? { kind: one.row.holder.kind, name: one.row.holder.name, initials: 'MO' } : { kind: 'assistant', name: 'AI assistant', initials: 'AI' },
    closed: one?.row.closed_at ? { at: one.row.closed_at, by: 'Maya', may_reopen_until: null, agreed: null } : null,
    rated: false,
    people: { on_duty: true, open_until: '20:00', next_open_at: null, wait: { low_minutes: 1, high_minutes: 2 } },
    queue: one?.row.holder.kind === 'queue' ? { place: 1, asked_at: one.row.waiting_since, wait: { low_minutes: 1, high_minutes: 2 }, waited_seconds: 0, questions: [], contact_left: false } : null,
  });
  const refresh = () => (show(), say({ is: 'state', state: state() }));
  const toQueue = (words) => {
    entry(one, 'transfer', AI, '', { from: AI, to: { kind: 'queue' }, words });
    Object.assign(one.row, { holder: { kind: 'queue', id: null, name: 'Queue' }, waiting_since: new Date().toISOString(), reason: { code: 'asked_for_person', words }, needs_reply: true, mood: { label: 'frustration', trend: [0.65, 0.6, 0.2] } });
    one.brief = { made_at: new Date().toISOString(), messages: one.entries.length, lines: [
      { label: 'wants', text: one.entries.findLast((each) => each.author_kind === 'contact')?.body ?? 'a person', entries: [one.row.seq - 1], certain: true },
      { label: 'confirmed', text: 'nothing', entries: [], certain: true },
      { label: 'ai_tried', text: 'Answered with a source', entries: [2], certain: true },
      { label: 'why_you', text: words, entries: [one.row.seq], certain: true },
      { label: 'mood', text: 'Frustrated', entries: [], certain: false }] };
  };
  const answer = (text) => {
    if (one.row.holder.kind !== 'assistant') return;
    if (/person|broken/i.test(text)) toQueue('Asked for a person');
    else if (/saturday|wash/i.test(text)) entry(one, 'message', AI, 'Yes, on Saturdays between 09:00 and 14:00. [1]', { sources: [KNOWN] });
    else entry(one, 'message', AI, 'I have no source for that, so I will not guess. Which is closest?', { choices: ['Washing', 'Delivery', 'Talk to a person'] });
    changed(one);
  };
  const send = (client_id, text) => {
    if (one?.entries.some((each) => each.client_id === client_id)) return;
    const isFirst = !one;
    if (isFirst) {
      one = make(`conv_${randomUUID().slice(0, 6)}`, text);
      conversations.push(one);
    }
    const made = entry(one, 'message', { kind: 'contact', id: one.row.contact.id, name: one.row.contact.name }, text);
    made.client_id = client_id;
    say({ is: 'stored', client_id, seq: made.seq });
    if (isFirst) say({ is: 'welcome', key: 'vk_dev', conversation_id: one.row.id, company: 'Alder & Loft', assistant: { name: 'AI assistant', disclosure: 'Not a person. Can be wrong.' }, state: state() });
    changed(one);
    setTimeout(() => answer(text), THINKING_MS);
  };
  socket.on('message', (data) => {
    const frame = JSON.parse(String(data));
    if (frame.do === 'hello') say({ is: 'welcome', key: 'vk_dev', conversation_id: null, company: 'Alder & Loft', assistant: { name: 'AI assistant', disclosure: 'Not a person. Can be wrong.' }, state: state() });
    if (frame.do === 'send') send(frame.client_id, frame.text);
    if (frame.do === 'ask_person' && one) (toQueue('Asked for a person'), changed(one));
  });
  return { refresh, owns: (id) => one?.row.id === id };
}
