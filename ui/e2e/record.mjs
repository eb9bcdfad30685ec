/** Finding and tagging without a mouse. node record.mjs BASE LEAD_LINK [WIDTH [light|dark]] */
import { browse } from './browsing.mjs';

const [base, link, width = '1440', look = 'light'] = process.argv.slice(2);
const isNarrow = Number(width) < 900;
// Another walk may have left its own note in the conversation that is found.
const errand = `Ask the workshop, ${width}`;

await browse(async (walk) => {
  const ada = await walk.person({ width: 420, height: 800 });
  const chi = await walk.person({ width: Number(width), height: isNarrow ? 844 : 900, dark: look === 'dark', refused: /401|search\?q=is%3Alost/ });
  const show = (name) => walk.axe(chi, `record ${name} ${width} ${look}`);

  walk.step('Ada writes something that can be found');
  await ada.goto(`${base}/c/shop`);
  await walk.tabTo(ada, 'Your message');
  await ada.keyboard.type('My résumé folder 😀 came with a torn seam, what now?');
  await ada.keyboard.press('Enter');
  await ada.getByRole('log').getByText(/torn seam/).first().waitFor();

  walk.step('Chi presses / and the search has the focus');
  await chi.goto(link);
  await chi.getByRole('heading', { name: 'Inbox', level: 2 }).waitFor();
  await chi.keyboard.press('/');
  const field = chi.getByRole('searchbox', { name: 'Search conversations' });
  await field.waitFor();
  await walk.tabTo(chi, 'Search conversations', { times: 1 });
  await show('start');

  walk.step('words are found by their beginning, without accents, and marked');
  await chi.keyboard.type('resume tor');
  const hit = chi.getByRole('link', { name: /torn seam/ }).first();
  for (let tries = 0; tries < 20 && !(await hit.isVisible()); tries += 1) {
    // The index follows within a few seconds; a search that was answered is not asked again by itself.
    await chi.waitForTimeout(700);
    await chi.keyboard.type(tries % 2 ? 'r' : ' ');
    await chi.keyboard.press('Backspace');
    if (tries % 4 === 3) await chi.reload();
  }
  await hit.waitFor();
  const marked = await hit.locator('mark').allInnerTexts();
  walk.expect(marked.join() === 'résumé,torn', `the words found are marked (${marked.join()})`);
  await show('found');

  walk.step('a search that cannot be understood says how to write it');
  await field.fill('is:lost');
  await chi.getByRole('alert').getByText(/is:open or is:closed/).waitFor();
  await show('refused');
  await field.fill('zzzzqqq');
  await chi.getByText('Nothing was found for these words').waitFor();
  await show('nothing');

  walk.step('arrow down, Enter: the conversation opens at the place');
  await field.fill('resume tor');
  await hit.waitFor();
  await field.focus();
  await chi.keyboard.press('ArrowDown');
  await chi.keyboard.press('Enter');
  const shown = chi.getByRole('log').getByText(/torn seam/).first();
  await shown.waitFor();
  await chi.waitForTimeout(600);
  walk.expect(await chi.evaluate(() => document.activeElement?.textContent?.includes('torn seam')), 'the message that was found has the focus');

  walk.step('L: a tag is put on by keyboard, and offered the next time');
  await chi.keyboard.press('l');
  await chi.keyboard.type('Torn goods');
  await chi.getByRole('option', { name: 'New: Torn goods' }).waitFor();
  await show('tagging');
  await chi.keyboard.press('Enter');
  await chi.getByRole('button', { name: 'Find all with the tag Torn goods' }).waitFor();
  await chi.keyboard.press('Escape');
  await chi.getByText(/put the tag “Torn goods” on/).first().waitFor();
  await show('tagged');

  walk.step('what Chi writes is there on another device, and gone from it once it is sent');
  await chi.keyboard.press('n');
  await chi.keyboard.type(errand);
  await chi.waitForTimeout(1_500);
  const phone = await walk.person({ width: 390, height: 844 });
  await phone.context().addCookies(await chi.context().cookies());
  await phone.goto(chi.url());
  await phone.getByRole('button', { name: 'Internal note' }).click();
  const note = phone.getByRole('textbox', { name: /Note, only/ });
  await phone.waitForFunction((kept) => document.querySelector('textarea')?.value === kept, errand);
  await note.press('End');
  await phone.keyboard.type(' tomorrow');
  await phone.keyboard.press('Control+Enter');
  await phone.getByRole('log').getByText(`${errand} tomorrow`).waitFor();
  await chi.reload();
  await chi.getByRole('log').getByText(`${errand} tomorrow`).waitFor();
  await chi.keyboard.press('n');
  await chi.waitForFunction(() => document.querySelector('textarea')?.value === '');
  await chi.keyboard.press('Escape');
  await phone.context().close();

  walk.step('the tag finds what bears it');
  await walk.tabTo(chi, 'Find all with the tag Torn goods', { key: 'Shift+Tab' });
  await chi.keyboard.press('Enter');
  await chi.getByRole('list', { name: 'Found' }).getByRole('link').first().waitFor();
  walk.expect((await field.inputValue()) === 'tag:"Torn goods"', 'the search says what it looks for');

  walk.step('a lead renames the tag and deletes it');
  await field.fill('');
  await walk.tabTo(chi, 'Rename or delete');
  await chi.keyboard.press('Enter');
  const name = chi.getByRole('textbox', { name: 'Name of the tag Torn goods' });
  await name.fill('Damaged');
  await show('tags');
  await walk.tabTo(chi, 'Rename Torn goods');
  await chi.keyboard.press('Enter');
  await chi.getByRole('button', { name: 'Delete Damaged' }).waitFor();
  await walk.tabTo(chi, 'Delete Damaged');
  await chi.keyboard.press('Enter');
  await chi.keyboard.press('Enter');
  await chi.getByText('No conversation bears a tag yet.').waitFor();
});
