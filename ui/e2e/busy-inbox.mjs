/** An agent's browser on a slow machine while many customers write. node busy-inbox.mjs BASE LINK ROWS SLOWER SECONDS
 *
 * Says `ready` once all rows are loaded, watches for long tasks, then opens conversations, one after the
 * other, while the updates go on. Figures as JSON on the last line; times in milliseconds.
 */
import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';

const [base, link, rows, slower, seconds] = process.argv.slice(2);
const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const OPENINGS = 20;
const CALM_MS = 2_000;

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? PLACES.find(existsSync),
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--no-first-run'],
});
const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
page.setDefaultTimeout(120_000);
await page.goto(link);
await page.getByRole('heading', { name: 'Inbox', level: 2 }).waitFor();
await page.goto(`${base}/desk/inbox/open`);
const list = page.locator('.rows');
await list.locator('[data-row]').first().waitFor();
// Rows are loaded as one scrolls; only those in sight are in the page.
await page.waitForFunction(
  (wanted) => {
    const box = document.querySelector('.rows');
    box.scrollTop = box.scrollHeight;
    return box.scrollHeight >= wanted * 76;
  },
  Number(rows),
  { polling: 100 },
);
await list.evaluate((box) => (box.scrollTop = 0));
await page.evaluate(() => {
  globalThis.longTasks = [];
  new PerformanceObserver((seen) => globalThis.longTasks.push(...seen.getEntries().map((one) => one.duration))).observe({ type: 'longtask' });
});
const tools = await page.context().newCDPSession(page);
await tools.send('Emulation.setCPUThrottlingRate', { rate: Number(slower) });
console.log('ready');

await page.waitForTimeout(CALM_MS);
await page.evaluate(() => (globalThis.longTasks.length = 0));
const first = await list.locator('[data-row]').first().getAttribute('data-row');
await page.waitForTimeout(Number(seconds) * 1_000);
const watching = await page.evaluate(() => globalThis.longTasks.splice(0));
if (first === (await list.locator('[data-row]').first().getAttribute('data-row'))) throw new Error('no update reached the inbox');

const openings = [];
for (let index = 0; index < OPENINGS; index += 1) {
  openings.push(await page.evaluate(openAnother));
  await page.waitForTimeout(300);
}
const opening = await page.evaluate(() => globalThis.longTasks.splice(0));
await browser.close();
console.log(JSON.stringify({ watching, openings, opening }));

/** Milliseconds from the click on a row until its timeline is painted. Runs in the page. */
function openAnother() {
  const shown = [...document.querySelectorAll('.rows [data-row]:not([aria-current])')];
  const row = shown[Math.min(3, shown.length - 1)];
  const name = row.querySelector('.one-line').textContent;
  const began = performance.now();
  row.click();
  return new Promise((resolve) => {
    const look = () => {
      const talk = document.querySelector(`section.talk[aria-label="Conversation with ${CSS.escape(name)}"]`);
      // The frame after the one in which it stands there: painted.
      if (talk?.querySelector('[data-seq]')) requestAnimationFrame(() => resolve(performance.now() - began));
      else requestAnimationFrame(look);
    };
    look();
  });
}
