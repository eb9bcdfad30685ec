/**
 * One computer, one after the other: a guest, Ada, Bob, nobody. Each page says who is signed in, as a shop's page does.
 * node shared-computer.mjs BASE ADA_TOKEN ADA_AGAIN_TOKEN BOB_TOKEN AGENT_LINK
 */
import { browse } from './browsing.mjs';

const [base, ada, adaAgain, bob, link] = process.argv.slice(2);
const SHOP = `${base}/shop-page`;

await browse(async (walk) => {
  const page = await walk.person();
  // A page of the shop, on the server's own origin; with a token, with none, or without a word about it.
  let token = null;
  await page.route(SHOP, (route) => {
    const attribute = token === null ? '' : ` data-token="${token}"`;
    const body = `<!doctype html><html lang="en"><title>Shop</title><h1>Shop</h1><script src="/widget.js" data-inbox="shop" data-greeting="off"${attribute}></script>`;
    return route.fulfill({ contentType: 'text/html', body });
  });
  const visit = async (signed) => {
    token = signed;
    await page.goto(SHOP);
    await page.waitForTimeout(600);
  };
  const chat = page.locator('bothands-chat');
  const field = chat.getByRole('textbox');
  const open = async () => {
    if (!(await field.isVisible())) await chat.getByRole('button', { name: /open chat/i }).click();
    await field.waitFor();
    await page.waitForTimeout(600);
  };
  const say = async (words) => {
    await open();
    await field.fill(words);
    await field.press('Enter');
    await chat.getByText(words, { exact: true }).first().waitFor();
    await page.waitForTimeout(400);
  };
  const sees = (words) => chat.getByText(words, { exact: true }).count();

  walk.step('a guest writes');
  await visit(null);
  await say('Guest before signing in');

  walk.step('the guest signs in as Ada and goes on');
  await visit(ada);
  await open();
  walk.expect((await sees('Guest before signing in')) > 0, 'what is going on is joined');
  await say('Ada, signed in');

  walk.step('Ada reloads a page with a token that was used');
  await visit(ada);
  await open();
  walk.expect((await sees('Ada, signed in')) > 0, 'a used token of the same customer changes nothing');
  await field.fill('half a sentence of Ada');

  walk.step('Bob signs in on the same computer');
  await visit(bob);
  await open();
  walk.expect((await sees('Ada, signed in')) === 0, 'Bob sees nothing of Ada');
  walk.expect((await field.inputValue()) === '', 'nor what she had typed');
  await say('Bob was here');

  walk.step('Bob signs out while the chat is open');
  await page.evaluate(() => window.bothands('forget'));
  await page.waitForTimeout(1200);
  walk.expect((await sees('Bob was here')) === 0, 'the open chat is empty at once');
  await say('Somebody after Bob');

  walk.step('Ada comes back while the chat is open');
  await page.evaluate((signed) => window.bothands('identify', signed), adaAgain);
  await chat.getByText('Ada, signed in', { exact: true }).first().waitFor();
  walk.expect((await sees('Bob was here')) === 0, 'nothing of Bob');

  walk.step('a page on which nobody is signed in');
  await visit('');
  const left = await page.evaluate(() => Object.keys(localStorage).filter((key) => key.endsWith(':key') || key.endsWith(':who')));
  walk.expect(left.length === 0, 'nothing of Ada is left in the browser');

  walk.step('the desk sees who is verified');
  const desk = await walk.person();
  await desk.goto(link);
  await desk.getByRole('heading', { name: 'Inbox', level: 2 }).waitFor();
  await desk.getByText('Ada Byron').first().click();
  await desk.getByText('Verified by sign-in').first().waitFor();
  await walk.axe(desk, 'the desk with a verified contact');
});
