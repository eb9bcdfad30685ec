/** Maya mentions Lena in a note, who finds it, all by keyboard. node mentioning.mjs BASE AGENT_LINK LEAD_LINK [WIDTH [light|dark]] */
import { browse } from './browsing.mjs';

const [base, agentLink, leadLink, width = '1440', look = 'light'] = process.argv.slice(2);
const isNarrow = Number(width) < 900;

await browse(async (walk) => {
  const size = { width: Number(width), height: isNarrow ? 844 : 900, dark: look === 'dark' };
  const ada = await walk.person({ width: 420, height: 800 });
  const maya = await walk.person(size);
  const lena = await walk.person(size);
  const show = (page, name) => walk.axe(page, `mentions ${name} ${width} ${look}`);

  walk.step('Ada writes, and Maya opens her conversation');
  await ada.goto(`${base}/c/shop`);
  await walk.tabTo(ada, 'Your message');
  await ada.keyboard.type(`The zipper of my cushion is torn, ${width}.`);
  await ada.keyboard.press('Enter');
  await ada.getByRole('log').getByText(/zipper/).first().waitFor();
  for (const [page, link] of [[maya, agentLink], [lena, leadLink]]) {
    await page.goto(link);
    await page.getByRole('heading', { name: 'Inbox', level: 2 }).waitFor();
  }
  await lena.getByRole('link', { name: 'Mentions', exact: true }).focus();
  await lena.keyboard.press('Enter');
  await lena.getByRole('heading', { name: 'Mentions', level: 1 }).waitFor();
  await show(lena, 'before');
  const row = maya.getByRole('link', { name: new RegExp(`torn, ${width}`) }).first();
  await row.focus();
  await maya.keyboard.press('Enter');
  await maya.getByRole('log').getByText(/zipper/).first().waitFor();

  walk.step('@ offers colleagues: Escape closes, arrows choose, Enter puts the name in');
  await maya.keyboard.press('n');
  const field = maya.getByRole('textbox', { name: /Note, only/ });
  const options = maya.getByRole('listbox', { name: 'Colleagues' }).getByRole('option');
  await maya.keyboard.type('Ask @');
  await options.nth(1).waitFor();
  await show(maya, 'list');
  const first = await options.first().innerText();
  await maya.keyboard.press('ArrowDown');
  walk.expect((await options.nth(1).getAttribute('aria-selected')) === 'true', `the arrow leaves ${first}`);
  walk.expect((await field.getAttribute('aria-activedescendant')) === (await options.nth(1).getAttribute('id')), 'the field says which is chosen');
  await maya.keyboard.press('Escape');
  await options.first().waitFor({ state: 'detached' });
  await maya.keyboard.press('Backspace');
  await maya.keyboard.type('@len');
  await options.first().waitFor();
  walk.expect((await options.count()) === 1, 'the list holds whom the words name');
  const name = await options.first().innerText();
  await maya.keyboard.press('Enter');
  await maya.keyboard.type('about 😀 <b>zippers</b>');
  walk.expect((await field.inputValue()) === `Ask @${name} about 😀 <b>zippers</b>`, `the name is put in (${await field.inputValue()})`);
  await maya.keyboard.press('Control+Enter');
  await maya.locator('mark.mention').getByText(`@${name}`, { exact: true }).waitFor();
  await show(maya, 'marked');

  walk.step('Lena hears of it, opens it, lands on the note, and it is read');
  await lena.getByRole('link', { name: 'Mentions, 1 unread' }).waitFor();
  const mention = lena.getByRole('list', { name: 'Notes that mention you' }).getByRole('link').first();
  await mention.waitFor();
  await show(lena, 'unread');
  await mention.focus();
  await lena.keyboard.press('Enter');
  await lena.getByRole('link', { name: 'Mentions', exact: true }).waitFor();
  await lena.waitForFunction(() => document.activeElement?.textContent?.includes('<b>zippers</b>'));
  await show(lena, 'read');
});
