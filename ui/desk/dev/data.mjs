// A made-up company in memory, in the shapes of the API: enough to drive every page of the desk.
const MINUTE = 60_000;
const ROWS = Number(process.env.ROWS ?? 40);
const ago = (minutes) => new Date(Date.now() - minutes * MINUTE).toISOString();

export const me = {
  id: 'agent_maya', name: 'Maya Okafor', email: 'maya@alder.example', role: 'lead', initials: 'MO',
  permissions: ['me', 'conversations.write', 'knowledge.write', 'charter.write', 'stops.write', 'stops.lift', 'try_out'], availability: 'available', csrf: 'dev', company: 'Alder & Loft',
};

const SOURCES = {
  saturday: { number: 1, title: 'Delivery and hours', section: 'Saturdays', url: null, kind: 'article', article_id: 'delivery', checked_at: ago(9000) },
  care: { number: 1, title: 'Wool care', section: 'Washing', url: null, kind: 'article', article_id: 'care', checked_at: ago(20000) },
  broken: { number: 1, title: 'Damaged goods', section: 'A replacement or the money back', url: null, kind: 'reply', article_id: 'damaged', checked_at: ago(4000) },
};

let entryCount = 0;
export function entry(conversation, kind, author, body, ref = {}, at = new Date().toISOString()) {
  const seq = (conversation.entries.at(-1)?.seq ?? 0) + 1;
  const one = {
    conversation_id: conversation.row.id, seq, id: `ent_${(entryCount += 1)}`, kind,
    author_kind: author.kind, author_id: author.id ?? null, author_name: author.name ?? null,
    disclosure: author.kind === 'assistant' ? 'AI assistant. Not a person. Can be wrong.' : null,
    body, ref, at, client_id: null,
  };
  conversation.entries.push(one);
  conversation.row.seq = seq;
  conversation.row.updated_at = at;
  if (kind === 'message') conversation.row.preview = body.slice(0, 120);
  return one;
}

const AI = { kind: 'assistant', id: 'assistant', name: 'AI assistant' };
export const MAYA = { kind: 'agent', id: me.id, name: me.name };
const LENA = { kind: 'agent', id: 'agent_lena', name: 'Lena Brandt' };

export function makeOwn(id, text) {
  return conversationOf(id, `Visitor ${id.slice(-4).toUpperCase()}`, text, { kind: 'assistant', id: 'assistant', name: 'AI assistant' }, { opened: 0, simulated: false, trend: [0.65] });
}

function conversationOf(id, name, subject, holder, { waited = null, reason = null, mood = 'neutral', trend = [0.2, 0.2], opened = 12, needs = false, closed = null, simulated = true } = {}) {
  return {
    row: {
      id, contact: { id: `con_${id}`, name, is_anonymous: name.startsWith('Guest') }, subject, preview: '',
      holder, reason, waiting_since: waited === null ? null : ago(waited), opened_at: ago(opened), updated_at: ago(1),
      closed_at: closed === null ? null : ago(closed), mood: { label: mood, trend }, topic: 'delivery', seq: 0, needs_reply: needs, is_simulated: simulated, assigned: null,
    },
    entries: [], brief: null, decisions: [], suggestion: { draft: null, next_step: null }, facts: {},
  };
}

const QUEUE = { kind: 'queue', id: null, name: 'Queue' };
const held = (by) => ({ kind: 'agent', id: by.id, name: by.name });
const byAi = { kind: 'assistant', id: 'assistant', name: 'AI assistant' };

export function makeConversations() {
  const all = [brokenMattress(), boiledWool(), ...quickOnes(), longOne()];
  for (let index = 0; index < ROWS; index += 1) {
    const one = conversationOf(`ai${index}`, NAMES[index % NAMES.length], SUBJECTS[index % SUBJECTS.length], byAi, { opened: 20 + index * 3, trend: [0.7, 0.65, 0.7 - (index % 5) / 20] });
    entry(one, 'message', { kind: 'contact', name: one.row.contact.name }, `${SUBJECTS[index % SUBJECTS.length]}?`, {}, ago(4));
    entry(one, 'message', AI, 'Yes, on Saturdays between 09:00 and 14:00. [1]', { sources: [SOURCES.saturday] }, ago(3));
    all.push(one);
  }
  return all;
}

const NAMES = ['Ines Rocha', 'Sam Oyelaran', 'Mei Lindqvist', 'Petra Novák', 'Yusuf Demir', 'Hana Kim', 'Jonas Weber', 'Léa Marchetti'];
const SUBJECTS = ['Do you deliver on Saturdays', 'Return label for a mattress topper', 'Is the sage cover back in stock', 'Where is my parcel'];

function brokenMattress() {
  const one = conversationOf('conv_broken', 'Tomás Ferreira', 'Mattress arrived broken, again', QUEUE, {
    waited: 2.3, reason: { code: 'complaint', words: 'Second broken delivery, asked for a person' }, mood: 'frustration', trend: [0.75, 0.7, 0.7, 0.55, 0.5, 0.38, 0.22], opened: 9, simulated: false,
  });
  const him = { kind: 'contact', id: one.row.contact.id, name: 'Tomás Ferreira' };
  entry(one, 'message', him, 'Hi, my new mattress came today and the corner is torn', {}, ago(9));
  entry(one, 'message', AI, 'I am sorry. You can have a replacement, or your money back, whichever you prefer. [1]\nWhich order is it?', { sources: [SOURCES.broken], decision_id: 'dec_1' }, ago(8.9));
  entry(one, 'message', him, '48213', {}, ago(8));
  entry(one, 'message', AI, 'Found it.', {
    decision_id: 'dec_2',
    card: { kind: 'order', number: '48213', total: '€649.00', lines: ['Alder mattress, 160 × 200'], steps: [{ label: 'Ordered', at: '12 Nov', done: true }, { label: 'Delivered', at: 'today 10:12', now: true }], window: 'Carrier: Northline' },
  }, ago(7.9));
  entry(one, 'message', him, 'It is the SECOND one that arrives broken. I want to talk to a person, not a machine.', {}, ago(3));
  entry(one, 'transfer', { kind: 'assistant', name: 'AI assistant' }, '', { from: AI, to: { kind: 'queue' }, reason: 'complaint', words: 'Second broken delivery; he asked for a person' }, ago(2.3));
  entry(one, 'message', AI, 'I understand. A colleague takes over. She sees your order and everything you told me, so you will not need to repeat it.', {}, ago(2.2));
  one.facts = { order: '48213', wants: 'money back or a whole mattress' };
  one.brief = {
    made_at: ago(2.3), messages: 5,
    lines: [
      { label: 'wants', text: 'A whole mattress or his money back for order 48213', entries: [1, 5], certain: true },
      { label: 'confirmed', text: 'Order 48213, €649.00, delivered today 10:12', entries: [4], certain: true },
      { label: 'ai_tried', text: 'Offered replacement or refund; looked up the order', entries: [2, 4], certain: true },
      { label: 'why_you', text: 'Second broken delivery, and he asked for a person', entries: [5], certain: true },
      { label: 'mood', text: 'Frustrated, falling for 4 messages. Turned when he had to explain again.', entries: [5], certain: false },
    ],
  };
  one.suggestion = {
    draft: {
      id: 'draft_1',
      text: 'Hi Tomás, I’m Maya and I have your order in front of me, so nothing to repeat. I’m sorry this happened twice. You can have a replacement or your money back, as you prefer. [1] A new mattress would reach you by Friday. Which would you like?',
      sources: [SOURCES.broken], unsourced: [{ start: 0, end: 0, text: 'A new mattress would reach you by Friday.' }],
    },
    next_step: { text: 'Offer a refund or a replacement today', source: SOURCES.broken },
  };
  one.decisions = [
    decision('dec_1', 1, 'act', 'damaged_goods', 0.83, [{ code: 'approved_reply', words: 'An approved reply fits' }, { code: 'charter', words: 'Charter: AI acts on this topic' }], [SOURCES.broken]),
    decision('dec_2', 3, 'act', 'damaged_goods', 0.91, [{ code: 'order_found', words: 'The order was found in the shop' }], []),
    decision('dec_3', 5, 'hand_off', 'damaged_goods', 0.44, [{ code: 'asked_for_person', words: 'He asked for a person' }, { code: 'complaint', words: 'A complaint, second time' }], []),
  ];
  return one;
}

function decision(id, message_seq, step, topic, score, reasons, evidence) {
  return {
    id, at: ago(5), message_seq, step, topic, score, threshold: 0.7, certified: false, reasons, evidence,
    reading: { language: 'en', topics: [{ topic, title: 'Damaged goods', probability: 0.81 }, { topic: 'returns', title: 'Returns', probability: 0.11 }], in_scope_probability: 0.97, emotion: { label: 'frustration', score: 0.7, span: { start: 10, end: 20 } }, wishes_person: step === 'hand_off' ? { score: 0.98, span: { start: 42, end: 68 } } : null, risks: [] },
    versions: { brain: '2026-11-21', charter: '7' },
  };
}

function boiledWool() {
  const one = conversationOf('conv_wool', 'Noor Haddad', 'Washing the wool underblanket', QUEUE, { waited: 5.6, reason: { code: 'no_source', words: 'No source; health is touched' }, mood: 'worry', trend: [0.8, 0.7, 0.58], opened: 14 });
  const her = { kind: 'contact', id: one.row.contact.id, name: 'Noor Haddad' };
  entry(one, 'message', her, 'Can I boil-wash the wool underblanket? My son has a dust allergy.', {}, ago(7));
  entry(one, 'message', AI, 'I have no source for boiling it, so I will not guess. The care label says 30 °C on the wool cycle. [1] Which is closest to what you need?', { sources: [SOURCES.care], choices: ['Washing by hand', 'Dust mites', 'Talk to a person'] }, ago(6.8));
  entry(one, 'message', her, 'Talk to a person', {}, ago(5.7));
  entry(one, 'transfer', AI, '', { from: AI, to: { kind: 'queue' }, reason: 'asked_for_person', words: 'She asked for a person' }, ago(5.6));
  one.brief = {
    made_at: ago(5.6), messages: 3,
    lines: [
      { label: 'wants', text: 'To know if the underblanket may be boiled, for a dust allergy', entries: [1], certain: true },
      { label: 'confirmed', text: 'nothing', entries: [], certain: true },
      { label: 'ai_tried', text: 'Searched 212 passages; the label covers 30 °C only', entries: [2], certain: true },
      { label: 'why_you', text: 'No source, health is touched, and she asked for a person', entries: [3], certain: true },
      { label: 'mood', text: 'Calm, a little worried', entries: [1], certain: false },
    ],
  };
  return one;
}

function quickOnes() {
  const mine = conversationOf('conv_grace', 'Grace Mbeki', 'Change the delivery date', held(me), { waited: 0.7, needs: true, opened: 30, trend: [0.7, 0.75, 0.8] });
  entry(mine, 'message', { kind: 'contact', name: 'Grace Mbeki' }, 'Could it come on the 28th instead?', {}, ago(31));
  entry(mine, 'transfer', MAYA, '', { from: { kind: 'queue' }, to: { kind: 'agent', id: me.id, name: me.name } }, ago(30));
  entry(mine, 'message', MAYA, 'Yes, I can move it. Morning or afternoon?', {}, ago(29));
  entry(mine, 'note', MAYA, 'Carrier confirmed the 28th by phone.', {}, ago(28.5));
  entry(mine, 'message', { kind: 'contact', name: 'Grace Mbeki' }, 'Morning please!', {}, ago(0.7));
  const hers = conversationOf('conv_piotr', 'Piotr Nowak', 'Warranty claim, photos received', held(LENA), { opened: 50, trend: [0.5, 0.6, 0.7] });
  entry(hers, 'message', { kind: 'contact', name: 'Piotr Nowak' }, 'Here are the photos.', { attachments: [{ id: 'file_1', name: 'corner.jpg', media_type: 'image/jpeg', bytes: 220000 }] }, ago(20));
  const closed = conversationOf('conv_done', 'Ines Rocha', 'Invoice copy', held(me), { opened: 300, closed: 240 });
  entry(closed, 'message', { kind: 'contact', name: 'Ines Rocha' }, 'Could I have the invoice again?', {}, ago(290));
  entry(closed, 'message', MAYA, 'It is in your inbox now.', {}, ago(280));
  entry(closed, 'closing', MAYA, '', { reason: 'solved', by: { kind: 'agent', name: 'Maya Okafor' }, agreed: 'Invoice sent by e-mail' }, ago(240));
  entry(closed, 'rating', { kind: 'contact', name: 'Ines Rocha' }, '', { solved: 'yes', score: 5, comment: 'Quick!' }, ago(239));
  return [mine, hers, closed];
}

function longOne() {
  const one = conversationOf('conv_long', 'Wanda Szymanowska-Fitzgerald of Upper Bockhampton', 'A very long matter about four duvets, three covers and one missing pillow that goes on and on', held(me), { opened: 90, trend: [0.8, 0.7, 0.5, 0.6, 0.7, 0.8] });
  for (let index = 0; index < 34; index += 1) {
    const who = index % 2 ? MAYA : { kind: 'contact', name: 'Wanda Szymanowska-Fitzgerald' };
    entry(one, 'message', who, index % 2 ? `I have noted point ${index}.` : `Point ${index}: the pillow from the second parcel is still missing, and the reference is AAAAAAAAAAAAAAAABBBBBBBBBBBBBBBBBBBCCCCCCCCCCCC-${index}`, {}, ago(90 - index * 2));
  }
  return one;
}

export const topics = [
  ['delivery', 'Delivery and hours', 'ai_acts'], ['damaged_goods', 'Damaged goods', 'ai_acts'], ['returns', 'Returns and refunds', 'ai_drafts'],
  ['care', 'Washing and care', 'ai_acts'], ['complaint', 'Complaints', 'person_only'], ['order_status', 'Where is my order?', 'ai_acts'],
].map(([topic, title, role]) => ({
  topic, title, role, owner: 'Chi Adeyemi', reason: role === 'person_only' ? 'People answer complaints' : 'Simple facts with sources', review_on: '2027-02-01',
  threshold: role === 'person_only' ? null : 0.7, certified: false, stopped: false,
}));

export const articles = ['Delivery and hours', 'Damaged goods', 'Returns within 60 days', 'Wool care', 'Mattress sizes', 'Price list notes for the desk'].map((title, index) => ({
  id: `art_${index}`, title, audience: index === 5 ? 'internal' : 'public', owner: 'Chi Adeyemi', reviewed: index === 3 ? null : ago(20000 + index * 3000),
}));
