/** Drives the six moments in a real browser, keeps a picture of each, and runs axe in each. node dev/look.mjs [folder] */
import { mkdirSync, readFileSync, existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { createServer as createViteServer } from 'vite';
import { startDevServer } from './server.mjs';

const folder = process.argv[2] ?? 'look';
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const executablePath = process.env.CHROMIUM ?? ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync);
mkdirSync(folder, { recursive: true });

const looks = [
  { name: 'light', query: 't=light', viewport: { width: 375, height: 640 } },
  { name: 'dark', query: 't=dark', viewport: { width: 375, height: 640 } },
  { name: 'rtl', query: 't=light&dir=rtl', viewport: { width: 375, height: 640 } },
  { name: 'arabic', query: 't=light&dir=rtl&lang=ar', lang: 'ar', viewport: { width: 375, height: 640 } },
  { name: 'german', query: 't=dark&lang=de', lang: 'de', viewport: { width: 320, height: 640 } },
  { name: 'narrow', query: 't=light', viewport: { width: 320, height: 568 } },
  { name: 'zoomed', query: 't=light', viewport: { width: 320, height: 256 } },
  { name: 'wide', query: 't=light', viewport: { width: 1280, height: 800 } },
  { name: 'page', path: '/c/shop', query: 't=dark', viewport: { width: 900, height: 760 } },
];
const wanted = process.argv.slice(3);
/** The sentences of a language, so that the same walk is made in each. */
async function wordsOf(lang) {
  const server = await createViteServer({ root: join(import.meta.dirname, '..'), configFile: false, logLevel: 'error', server: { middlewareMode: true, ws: false }, appType: 'custom', optimizeDeps: { noDiscovery: true } });
  const module = await server.ssrLoadModule(`/src/words/${lang}.ts`);
  await server.close();
  return { ...module.launcherWords, ...module.words };
}
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
let faults = 0;
for (const look of looks.filter((one) => !wanted.length || wanted.includes(one.name))) {
  const w = await wordsOf(look.lang ?? 'en');
  const server = await startDevServer({ port: 0, delayMs: 60 });
  const context = await browser.newContext({ viewport: look.viewport, deviceScaleFactor: 2, reducedMotion: 'reduce', bypassCSP: false });
  const page = await context.newPage();
  page.on('console', (message) => ['error', 'warning'].includes(message.type()) && console.log(look.name, 'console:', message.text()));
  page.on('pageerror', (error) => console.log(look.name, 'error:', error.message));
  const dev = (query) => fetch(`${server.url}/dev?do=${query}`, { method: 'POST' });
  const settle = () => page.waitForTimeout(350);
  const shot = async (moment) => {
    await settle();
    await page.screenshot({ path: `${folder}/${look.name}-${moment}.png` });
    await page.evaluate(axe);
    const found = await page.evaluate(() => globalThis.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }));
    for (const violation of found.violations) {
      const where = violation.nodes.map((node) => node.target.flat().join(' ')).filter((target) => !/^(header|#buy|h1|svg|main)/.test(target));
      if (where.length) {
        faults += 1;
        console.log(look.name, moment, violation.id, violation.help, where.slice(0, 4), violation.nodes[0].failureSummary?.slice(0, 300));
      }
    }
  };
  const say = async (text) => {
    await page.getByRole('textbox', { name: w.your_message }).fill(text);
    await page.keyboard.press('Enter');
  };
  await page.goto(`${server.url}${look.path ?? '/'}?${look.query}`);
  if (!look.path) {
    await page.waitForTimeout(4300);
    await shot('a-closed');
    await page.getByRole('button', { name: w.ask }).click();
  }
  await page.getByRole('textbox', { name: w.your_message }).waitFor();
  await shot('b0-hello');
  await say('Do you deliver on Saturdays?');
  await page.getByRole('button', { name: 'One I have placed' }).waitFor();
  await shot('b-answers');
  await page.getByRole('button', { name: 'One I have placed' }).click();
  await page.getByText('48217').waitFor();
  await shot('c-does');
  await page.getByRole('button', { name: w.talk }).first().click();
  await page.locator('.big').waitFor();
  await shot('d-waiting');
  await page.getByRole('radio', { name: 'No' }).check();
  await page.getByRole('radio', { name: w.leave_address }).check();
  await shot('d2-address');
  await dev('join');
  await dev('reply');
  await page.getByText('Hi Ana').waitFor();
  await say('Oh good, yes please.');
  await dev('typing');
  await shot('e-person');
  await say('please refuse this one');
  await shot('e2-refused');
  await page.getByRole('button', { name: w.remove }).click();
  await context.setOffline(true);
  await dev('drop');
  await page.waitForTimeout(100);
  await say('Are you there?');
  await page.waitForTimeout(1300);
  await shot('e3-offline');
  await context.setOffline(false);
  await page.waitForTimeout(2500);
  await dev('close');
  await page.getByText(w.solved).waitFor();
  await shot('f-closing');
  await page.getByRole('radio', { name: w.yes }).check();
  await page.getByRole('radio', { name: '4' }).check();
  await shot('f2-rated');
  await page.getByRole('button', { name: w.send, exact: true }).click();
  await shot('f3-thanks');
  await context.close();
  await server.close();
}
await browser.close();
console.log(`${faults} axe faults`);
process.exit(faults ? 1 : 0);
