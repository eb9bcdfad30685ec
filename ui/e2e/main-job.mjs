/** The whole main job without a mouse. node main-job.mjs BASE AGENT_LINK */
import { browse } from './browsing.mjs';

const [base, link] = process.argv.slice(2);

await browse(async (walk) => {
  const ada = await walk.person({ width: 420, height: 800 });
  const maya = await walk.person({ width: 1440, height: 900 });
  const log = ada.getByRole('log');
  const say = async (text) => {
    await walk.tabTo(ada, 'Your message');
    await ada.keyboard.type(text);
    await ada.keyboard.press('Enter');
  };

  walk.step('Ada opens the chat and is told that it is an AI');
  await ada.goto(`${base}/c/shop`);
  await ada.getByText('Not a person. Can be wrong.').first().waitFor();
  await ada.getByRole('textbox', { name: 'Your message' }).waitFor();
  await walk.axe(ada, 'chat at the start');

  walk.step('Ada asks what the shop knows and gets an answer with its source');
  await say('Do you deliver on Saturdays?');
  await log.getByText(/on Saturdays between 09:00 and 14:00/).first().waitFor();
  const source = log.getByRole('link', { name: /Delivery and hours/ }).first();
  const help = await (await ada.context().request.get(new URL(await source.getAttribute('href'), base).href)).text();
  walk.expect(/Saturday/.test(help), 'the source opens and says it');
  await walk.axe(ada, 'chat with an answer');

  walk.step('Ada asks for the missing detail and answers it with a bare word');
  await say('How much is the linen duvet cover?');
  await log.getByText(/Which size/).first().waitFor();
  await say('200x200');
  await log.getByText(/€89\.00/).first().waitFor();

  walk.step('Ada reports a broken mattress: a person is brought in, with an honest place in line');
  await say('My mattress arrived broken, again. My order is 48217.');
  await ada.getByText(/in line/).first().waitFor();
  await walk.axe(ada, 'chat while waiting');

  walk.step('Maya signs in by her one-time link, which leaves the address bar');
  await maya.goto(link);
  await maya.getByRole('heading', { name: 'Inbox', level: 2 }).waitFor();
  walk.expect(!maya.url().includes('token'), 'the token is gone from the address');
  await walk.axe(maya, 'desk inbox');

  walk.step('Maya opens the conversation by keyboard and reads the brief');
  await maya.keyboard.press('j');
  await maya.keyboard.press('Enter');
  const brief = maya.getByRole('region', { name: /brief/i });
  await brief.waitFor();
  const words = await brief.innerText();
  walk.expect(/broken/.test(words) && /48217/.test(words), 'the brief holds what Ada said');
  await walk.axe(maya, 'desk with a brief');

  walk.step('Maya takes over; Ada is told by name');
  await maya.keyboard.press('t');
  await ada.getByText(/Maya/).first().waitFor();
  await ada.getByText(/won’t need to repeat it/).first().waitFor();

  walk.step('Maya replies by keyboard; Ada reads it');
  await maya.getByRole('textbox', { name: 'Your reply' }).waitFor();
  await maya.keyboard.press('r');
  await maya.keyboard.press('Control+a');
  await maya.keyboard.type('I am sorry, Ada. A new mattress comes on Friday.');
  await maya.keyboard.press('Control+Enter');
  await log.getByText('I am sorry, Ada. A new mattress comes on Friday.').first().waitFor();
  await walk.axe(ada, 'chat with a person');
  await walk.axe(maya, 'desk in a conversation');

  walk.step('The assistant stays silent while Maya has it');
  await say('Do you deliver on Saturdays?');
  await maya.getByText('Do you deliver on Saturdays?').nth(1).waitFor();
  await ada.waitForTimeout(1_500);
  walk.expect((await log.getByText(/between 09:00 and 14:00/).count()) <= 1, 'nobody but Maya answers');

  walk.step('Ada reloads and loses nothing');
  const before = await log.innerText();
  await ada.reload();
  await log.getByText('I am sorry, Ada. A new mattress comes on Friday.').first().waitFor();
  walk.expect((await log.innerText()).length >= before.length * 0.6, 'the conversation is still there');

  walk.step('Maya closes, undoes it and closes again; Ada, who saw nothing of that, says whether it was solved');
  // The first Escape discards the new draft, the second leaves the field.
  await maya.keyboard.press('Escape');
  await maya.keyboard.press('Escape');
  await maya.keyboard.press('e');
  await maya.getByRole('dialog').waitFor();
  await walk.axe(maya, 'desk closing');
  await walk.tabTo(maya, 'Close');
  await maya.keyboard.press('Enter');
  const undo = maya.getByRole('group', { name: 'Undo' });
  await undo.waitFor();
  const [offered, page] = await Promise.all([undo.boundingBox(), maya.getByRole('main').boundingBox()]);
  walk.expect(offered.y >= page.y + page.height, 'what offers to undo it covers nothing of the page');
  // Nothing slow before this: ten seconds are all there is.
  await maya.keyboard.press('Control+z');
  await maya.getByRole('textbox', { name: 'Your reply' }).waitFor();
  walk.expect((await ada.getByText('Was it solved?').count()) === 0, 'Ada was not told');
  await maya.keyboard.press('e');
  await maya.getByRole('dialog').waitFor();
  await walk.tabTo(maya, 'Close');
  await maya.keyboard.press('Enter');
  await undo.waitFor();
  await walk.axe(maya, 'desk after closing');
  await ada.getByText('Was it solved?').waitFor();
  await walk.axe(ada, 'chat closing');
});
