/** The five-minute tour on the living demo, without a mouse. node tour.mjs BASE [WIDTH [light|dark]] */
import { deflateSync, crc32 } from 'node:zlib';
import { readFileSync } from 'node:fs';
import { browse } from './browsing.mjs';

const [base, width = '1440', look = 'light'] = process.argv.slice(2);
const isNarrow = Number(width) < 900;
const FAQ = new URL('../../examples/own_faq/', import.meta.url);
const faq = readFileSync(new URL('questions.csv', FAQ), 'utf8');
const questions = readFileSync(new URL('sample_questions.txt', FAQ), 'utf8');
const STOP_MS_MAX = 1_000;
const QUEUE_MS_MAX = 8_000;
const TRY_OUT_MS_MAX = 60_000;

await browse(async (walk) => {
  const page = await walk.person({ width: Number(width), height: isNarrow ? 844 : 900, dark: look === 'dark' });
  const phone = page.getByRole('region', { name: 'You, the customer' });
  const log = phone.getByRole('log');
  const desk = page.getByRole('region', { name: 'You, the agent' });
  const tour = page.getByRole('navigation', { name: 'Tour' });
  const done = (title) => tour.getByRole('button', { name: new RegExp(`${title}\\s*, done`) }).waitFor();
  const side = async (name) => {
    // One side at a time where there is room for one.
    if (isNarrow && !(await page.getByRole('region', { name }).isVisible())) {
      await walk.tabTo(page, name, { times: 160 });
      await page.keyboard.press('Enter');
    }
  };
  const press = async (name, options) => {
    await walk.tabTo(page, name, options);
    await page.keyboard.press('Enter');
  };
  const say = async (text) => {
    await side('You, the customer');
    await walk.tabTo(page, 'Your message', { times: 160 });
    await page.keyboard.press('Control+a');
    await page.keyboard.type(text);
    await page.keyboard.press('Enter');
  };
  const attach = async (name) => {
    const chooser = page.waitForEvent('filechooser');
    await page.keyboard.press('Enter');
    await (await chooser).setFiles({ name, mimeType: 'image/png', buffer: png(320, 240) });
  };
  const show = (name) => walk.axe(page, `tour ${name} ${width} ${look}`);

  // Playwright takes a file dialog over only while somebody listens for it.
  page.on('filechooser', () => undefined);

  walk.step('the tour opens with the shop beside a living desk');
  await page.goto(`${base}/demo`);
  await phone.getByRole('textbox', { name: 'Your message' }).waitFor();
  await page.getByText(/ open, \d+ with the AI/).waitFor({ state: 'attached' });
  await show('0 start');

  walk.step('Ask: the tip puts the words into the field, the answer comes with its source');
  await press('Do you deliver on Saturdays?');
  await page.waitForTimeout(400);
  await page.keyboard.press('Enter');
  await log.getByText(/on Saturdays between 09:00 and 14:00/).first().waitFor();
  await log.getByRole('link', { name: /Delivery and hours/ }).first().waitFor();
  await done('Ask');
  await show('1 ask');

  walk.step('Stump it: no source, and it says so');
  await press('Do you sell hammocks?');
  await page.waitForTimeout(400);
  await page.keyboard.press('Enter');
  await log.getByText('Do you sell hammocks?').waitFor();
  await done('Stump it');
  await page.waitForTimeout(500);
  const honest = log.locator('.m:not(.me)').last();
  walk.expect(/no source|not find|nothing/i.test(await honest.locator('.bub').innerText()), 'it says that it has no source');
  walk.expect((await honest.locator('.src b').count()) === 0, 'nothing near is passed off as the source of an answer');
  await show('2 stump');

  walk.step('a photo goes with the complaint, and a person is brought in at a true place');
  await side('You, the customer');
  await walk.tabTo(page, 'Add a photo', { times: 160 });
  await attach('spring.png');
  await phone.getByRole('img', { name: 'Photo: spring.png' }).waitFor();
  await page.waitForTimeout(600);
  await say('My mattress arrived broken, again.');
  const asked = Date.now();
  await phone.getByText(/in line/).first().waitFor();
  walk.expect(Date.now() - asked < QUEUE_MS_MAX, 'the place in line is shown soon');
  await log.getByRole('img', { name: 'Photo: spring.png' }).waitFor();
  await log.getByRole('img', { name: 'Photo: spring.png' }).evaluate((image) => image.decode());
  await done('Ask for a person');
  await show('3 person');

  walk.step('Take over with the brief; the phone turns teal');
  await side('You, the agent');
  await desk.getByRole('heading', { name: 'Handoff brief' }).waitFor();
  await show('4 brief');
  await walk.tabTo(page, 'Take over', { times: 160 });
  await page.keyboard.press('Enter');
  await done('Take over');
  await side('You, the customer');
  await phone.getByText(/won’t need to repeat it/).first().waitFor();
  walk.expect(await phone.locator('.who.h').isVisible(), 'the phone is in the colour of people');
  await show('4 taken over');

  walk.step('reply: the phone shows it');
  await side('You, the agent');
  await walk.tabTo(page, 'Your reply', { times: 160 });
  await page.keyboard.press('Control+a');
  await page.keyboard.type('I am sorry. A new mattress comes on Friday.');
  await walk.tabTo(page, 'Add a photo', { times: 40 });
  await attach('voucher.png');
  await desk.getByRole('img', { name: 'voucher.png' }).waitFor();
  await walk.tabTo(page, 'Your reply', { key: 'Shift+Tab' });
  await page.keyboard.press('Control+Enter');
  await desk.getByText('I am sorry. A new mattress comes on Friday.').first().waitFor();
  await side('You, the customer');
  await log.getByText('I am sorry. A new mattress comes on Friday.').waitFor();
  await log.getByRole('img', { name: 'Photo: voucher.png' }).evaluate((image) => image.decode());
  await show('4 replied');

  walk.step('hand back, so that the AI would answer');
  await side('You, the agent');
  await press('Hand back', { times: 160 });
  await page.getByRole('dialog', { name: 'Hand back to the AI' }).waitFor();
  await show('5 hand back');
  await press('Hand back');
  await page.getByRole('dialog', { name: 'Hand back to the AI' }).waitFor({ state: 'detached' });

  walk.step('Stop: a second later the AI answers nobody');
  await press('Stop the AI', { times: 160 });
  await page.getByRole('dialog', { name: 'Stop the AI' }).waitFor();
  await page.keyboard.press('Enter');
  await desk.getByText('The AI is stopped: everything goes to people.').waitFor();
  await page.waitForTimeout(STOP_MS_MAX);
  const answered = await log.getByText(/between 09:00 and 14:00/).count();
  await say('Do you deliver on Saturdays?');
  await phone.getByText(/in line/).first().waitFor();
  await page.waitForTimeout(1_500);
  walk.expect((await log.getByText(/between 09:00 and 14:00/).count()) === answered, 'the stopped AI does not answer');
  await done('Stop');
  await show('5 stopped');

  walk.step('let it answer again');
  await side('You, the agent');
  await press('Let it answer again', { times: 160 });
  await desk.getByText('The AI is stopped: everything goes to people.').waitFor({ state: 'detached' });

  walk.step('a FAQ of one’s own: paste it, paste twenty questions, see what each becomes');
  await press('Knowledge', { times: 160 });
  await walk.tabTo(page, 'Or paste it', { times: 160 });
  await page.keyboard.insertText(faq);
  await press('Bring in the text');
  await desk.getByText(/^Brought in: /).first().waitFor();
  await walk.tabTo(page, 'Questions, one a line', { times: 160 });
  await page.keyboard.insertText(questions);
  const from = Date.now();
  await press('See what the AI would do');
  const results = desk.locator('.result');
  await results.nth(19).waitFor({ timeout: TRY_OUT_MS_MAX });
  walk.found.tryOutMs = Date.now() - from;
  walk.found.outcomes = await desk.locator('.tally').innerText();
  walk.expect((await results.count()) === 20, 'there is a result for each of the twenty questions');
  const sourceless = desk.locator('.result.answered').filter({ hasNot: page.locator('.sources') });
  walk.expect((await sourceless.count()) === 0, `each answer names its source: ${await sourceless.allInnerTexts()}`);
  await done('Try your own FAQ');
  await show('6 faq');
});

/** A small picture, made here: three bands, as PNG. */
function png(columns, rows) {
  const lines = Array.from({ length: rows }, (_, y) =>
    Buffer.concat([Buffer.of(0), Buffer.alloc(columns * 3, Buffer.from([[0x9a, 0x8f, 0x80], [0xd9, 0xd2, 0xc5], [0x6b, 0x5f, 0x50]][Math.floor((y * 3) / rows)]))]),
  );
  const chunk = (type, data) => {
    const body = Buffer.concat([Buffer.from(type), data]);
    const size = Buffer.alloc(4);
    const sum = Buffer.alloc(4);
    size.writeUInt32BE(data.length);
    sum.writeUInt32BE(crc32(body));
    return Buffer.concat([size, body, sum]);
  };
  const head = Buffer.alloc(13);
  head.writeUInt32BE(columns, 0);
  head.writeUInt32BE(rows, 4);
  head.set([8, 2, 0, 0, 0], 8);
  return Buffer.concat([Buffer.of(0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10), chunk('IHDR', head), chunk('IDAT', deflateSync(Buffer.concat(lines))), chunk('IEND', Buffer.alloc(0))]);
}
