/** What the stand-in assistant says. All of it is made up. */
export const MAYA = { kind: 'agent', name: 'Maya Okafor', initials: 'MO' };

const hours = { number: 1, title: 'Delivery and hours', section: 'section 2', url: '/help/delivery#2', kind: 'article', article_id: 'delivery', checked_at: '2026-11-12T09:00:00Z' };

const order = {
  kind: 'order',
  number: '48217',
  total: '€124.00',
  lines: [{ text: 'Linen duvet cover, sage', note: 'with you since 20 Nov', done: true }],
  steps: [
    { label: 'Paid', at: '18 Nov', done: true },
    { label: 'Packed', at: '19 Nov', done: true },
    { label: 'On its way', done: true, now: true },
    { label: 'With you', at: '22 Nov' },
  ],
  window: '2 pillowcases: Sat 22 Nov, 09:00 to 14:00',
  actions: [{ label: 'Return an item…', says: 'I want to return an item' }, { label: 'Talk to a person', asks_person: true }],
};

export function answerTo(text) {
  if (/saturday/i.test(text)) {
    return [
      { body: 'Yes. On Saturdays we deliver between 09:00 and 14:00. [1] You can change the day until 20:00 the evening before. [1]', ref: { sources: [hours] } },
      { body: 'Which order is it about?', ref: { choices: ['One I have placed', 'A new order'] } },
    ];
  }
  if (/placed/i.test(text)) {
    const sources = [{ number: 1, title: 'Looked up in the shop’s orders at 14:23, after your e-mail code ✓. Nothing was changed.', kind: 'order' }];
    return [{ body: 'Your duvet cover came yesterday. The pillowcases come tomorrow, Saturday. [1]', ref: { sources, card: order } }];
  }
  return [{ body: 'I have no source for that, so I will not guess. A colleague can find out.', ref: {} }];
}
