/** Maya passes Ada to Lena, all by keyboard. node transferring.mjs BASE AGENT_LINK LEAD_LINK */
import { browse } from './browsing.mjs';

const [base, agentLink, leadLink] = process.argv.slice(2);

await browse(async (walk) => {
  const ada = await walk.person({ width: 420, height: 800 });
  const maya = await walk.person({ width: 1440, height: 900 });
  // A reply is refused on this walk.
  const lena = await walk.person({ width: 1440, height: 900, dark: true, refused: /401|409/ });
  for (const [page, link] of [[maya, agentLink], [lena, leadLink]]) {
    await page.goto(link);
    await page.getByRole('heading', { name: 'Inbox', level: 2 }).waitFor();
  }

  walk.step('Ada asks for a person, Maya opens the handoff, and it is meant for Lena');
  await ada.goto(`${base}/c/shop`);
  await walk.tabTo(ada, 'Your message');
  await ada.keyboard.type('My mattress arrived broken, again. My order is 48217.');
  await ada.keyboard.press('Enter');
  await ada.getByText(/in line/).first().waitFor();
  const row = maya.getByRole('link', { name: /My mattress arrived broken/ });
  await row.first().waitFor();
  await row.first().focus();
  await maya.keyboard.press('Enter');
  await maya.getByRole('button', { name: /Take over/ }).first().waitFor();
  await maya.keyboard.press('f');
  await maya.getByRole('option', { name: /Lena/ }).waitFor();
  await walk.axe(maya, 'assign dialog');
  await maya.keyboard.type('lena');
  await maya.keyboard.press('Enter');
  await maya.keyboard.press('Control+Enter');
  await maya.getByText('Waits for Lena').first().waitFor();
  await lena.getByText('for you').first().waitFor();
  await walk.axe(maya, 'assigned in the queue');

  walk.step('Maya takes it all the same, writes, and finds that Lena must go on');
  await maya.getByRole('region', { name: 'Conversation, scrollable' }).focus();
  await maya.keyboard.press('t');
  await maya.getByRole('textbox', { name: 'Your reply' }).waitFor();
  await maya.keyboard.press('f');
  await maya.getByRole('dialog').waitFor();
  await maya.keyboard.type('lena');
  await maya.getByRole('option', { name: /Lena/ }).waitFor();
  await maya.keyboard.press('Enter');
  await maya.keyboard.type('She was promised a new one on Friday.');
  await walk.axe(maya, 'transfer dialog');
  await maya.keyboard.press('Control+Enter');
  await maya.getByText(/Offered to Lena/).first().waitFor();
  await walk.axe(maya, 'offer that waits');

  walk.step('Lena sees who offers it and why; Maya sees that Lena looks');
  const offered = lena.getByRole('link', { name: /Maya offers it/ });
  await offered.first().waitFor();
  await offered.first().focus();
  await lena.keyboard.press('Enter');
  await lena.getByText(/offers you this conversation/).first().waitFor();
  await lena.getByText('She was promised a new one on Friday.').first().waitFor();
  await maya.getByText('Lena is looking').waitFor();
  await walk.axe(lena, 'offer to accept');

  walk.step('While Maya writes, Lena accepts: nothing is lost, Ada is told by name');
  await maya.getByRole('textbox', { name: 'Your reply' }).focus();
  await maya.keyboard.press('Control+a');
  await maya.keyboard.type('One moment, Ada.');
  await lena.getByText('Maya is writing').waitFor();
  await walk.axe(lena, 'colleague writing');
  await lena.getByRole('region', { name: 'Conversation, scrollable' }).focus();
  await lena.keyboard.press('t');
  await lena.getByRole('textbox', { name: 'Your reply' }).waitFor();
  await ada.getByText(/Lena/).first().waitFor();
  await maya.getByText('Nothing of it was sent.', { exact: false }).waitFor();
  walk.expect((await maya.locator('.kept-text').innerText()).includes('One moment, Ada.'), 'the text is kept');
  await walk.axe(maya, 'text kept');

  walk.step('A note that Lena has not seen stops her reply until she has read it');
  await lena.getByRole('textbox', { name: 'Your reply' }).focus();
  await lena.keyboard.press('Control+a');
  await lena.keyboard.type('Hello Ada, Lena here.');
  await maya.getByRole('button', { name: 'Make it a note' }).press('Enter');
  await maya.keyboard.press('Control+Enter');
  await lena.keyboard.press('Control+Enter');
  await Promise.race([
    lena.getByText(/left a note/).first().waitFor(),
    ada.getByText('Hello Ada, Lena here.').first().waitFor(),
  ]);
  await maya.getByText('One moment, Ada.').first().waitFor();
});
