/**
 * Opens every page and state of the desk over made-up data, asks axe about each, and keeps a picture of it.
 * Run: npm run build && npm run dev, and beside it: node dev/look.mjs [folder for pictures]. ONLY=why,stop narrows it.
 */
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';

const BASE = process.env.BASE ?? 'http://127.0.0.1:8790';
const folder = process.argv[2];
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const executablePath = process.env.CHROMIUM ?? ['/usr/bin/chromium', '/usr/bin/google-chrome'].find(existsSync);

const LOOKS = [
  { look: 'light', width: 1390, height: 868, colorScheme: 'light' },
  { look: 'dark', width: 1390, height: 868, colorScheme: 'dark' },
  { look: 'rtl', width: 1390, height: 868, colorScheme: 'light', dir: 'rtl' },
  { look: 'narrow', width: 320, height: 640, colorScheme: 'light' },
];
const press = (...keys) => async (page) => {
  for (const key of keys) {
    await page.keyboard.press(key);
    await page.waitForTimeout(250);
  }
};
const click = (...targets) => async (page) => {
  for (const target of targets) await page.locator(target).first().click();
};
const STATES = [
  ['inbox', '/desk/inbox/open'],
  ['handoff', '/desk/inbox/open/conv_broken'],
  ['worried', '/desk/inbox/handoffs/conv_wool'],
  ['mine', '/desk/inbox/yours/conv_grace'],
  ['long', '/desk/inbox/yours/conv_long'],
  ['closed', '/desk/inbox/closed/conv_done'],
  ['photo', '/desk/inbox/open/conv_piotr'],
  ['missing', '/desk/inbox/open/conv_nope'],
  ['why', '/desk/inbox/open/conv_broken', click('.why > button')],
  ['note', '/desk/inbox/yours/conv_grace', press('n', 'h', 'i')],
  ['palette', '/desk/inbox/open/conv_wool', press('Control+k')],
  ['shortcuts', '/desk/inbox/open/conv_wool', press('?')],
  ['stop', '/desk/inbox/open/conv_wool', click('[data-command=stop]')],
  ['close', '/desk/inbox/open/conv_grace', press('e')],
  ['hand-back', '/desk/inbox/open/conv_grace', press('b')],
  ['fix-brief', '/desk/inbox/open/conv_wool', click('.brief-check button:last-child')],
  ['knowledge', '/desk/knowledge', tryOut],
  ['charter', '/desk/charter', click('table button')],
  ['me', '/desk/me'],
  ['sign-in', '/desk/sign-in'],
  ['sign-in-used', '/desk/sign-in#used'],
  ['demo', '/demo'],
  ['demo-take-over', '/demo', click('.tour li:nth-child(4) button')],
  ['demo-faq', '/demo', click('.tour li:nth-child(6) button')],
  ['taken', '/desk/inbox/open/conv_broken', press('t', 'r', 'Tab', 'Control+Enter')],
].filter(([name]) => !process.env.ONLY || process.env.ONLY.split(',').includes(name));

async function tryOut(page) {
  await page.fill('#try-text', 'Do you deliver on Saturdays?\nWhat is this?\nHello\nBroken again');
  await page.locator('.box .pri').click();
  await page.fill('#faq-text', 'question,answer\na,b');
  await page.locator('.box .field .btn:not(.pri)').first().click();
}

const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
let faults = 0;
const fault = (...words) => {
  faults += 1;
  console.log(...words);
};
for (const { look, width, height, colorScheme, dir } of LOOKS) {
  for (const [state, path, act] of STATES) {
    // axe is put in by script: the page's own policy would rightly refuse it.
    const context = await browser.newContext({ viewport: { width, height }, colorScheme, bypassCSP: true });
    const page = await context.newPage();
    page.setDefaultTimeout(4000);
    page.on('pageerror', (error) => fault(look, state, error.message));
    await page.addInitScript((value) => value && localStorage.setItem('bothands:dir', value), dir);
    await page.goto(BASE + path);
    await page.waitForTimeout(700);
    await act?.(page).catch((error) => fault(look, state, error.message));
    await page.waitForTimeout(400);
    await page.evaluate(axe);
    const { violations } = await page.evaluate(() => globalThis.axe.run(document));
    for (const one of violations) fault(look, state, one.id, one.nodes.map((node) => node.target.flat().join(' ')).slice(0, 3).join(' | '));
    const spills = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    if (spills > 0) fault(look, state, `${spills} px too wide`);
    if (folder) {
      mkdirSync(folder, { recursive: true });
      await page.screenshot({ path: `${folder}/${look}-${state}.png` });
    }
    await context.close();
  }
}
await browser.close();
console.log(`${LOOKS.length * STATES.length} looks, ${faults} faults`);
process.exitCode = faults ? 1 : 0;
