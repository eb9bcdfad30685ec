/** Every page, light, dark and right-to-left, wide and narrow: axe finds nothing. node pages.mjs BASE ADMIN_LINK */
import { readFileSync } from 'node:fs';
import { browse } from './browsing.mjs';

const [base, link] = process.argv.slice(2);
const SETTINGS = ['people', 'teams', 'inboxes', 'api-keys', 'webhooks'].map((part) => `/desk/settings/${part}`);
const PAGES = ['/desk', '/desk/mentions', '/desk/search', '/desk/knowledge', '/desk/charter', '/desk/me', '/desk/nowhere', ...SETTINGS];
const STRANGERS = ['/c/shop', '/c/shop?dir=rtl', '/help/delivery-and-hours', '/desk/sign-in', '/desk/join'];
const LOOKS = [
  { name: 'light', dark: false, width: 1440, height: 900 },
  { name: 'dark', dark: true, width: 1440, height: 900 },
  { name: 'narrow', dark: false, width: 320, height: 640 },
];

const router = readFileSync(new URL('../desk/src/app/router.tsx', import.meta.url), 'utf8');
const routed = [...router.matchAll(/\bpath: '(\/[^'$]*)'/g)].map(([, path]) => `/desk${path}`.replace(/\/$/, ''));

await browse(async (walk) => {
  const left = routed.filter((path) => ![...PAGES, ...STRANGERS].some((one) => one === path || one.startsWith(`${path}/`)));
  walk.expect(routed.length > 0 && left.length === 0, `every page is walked (left out: ${left.join(', ')})`);
  let state;
  for (const look of LOOKS) {
    const page = await walk.person(look);
    if (state) await page.context().addCookies(state.cookies);
    walk.step(`sign in, ${look.name}`);
    await page.goto(state ? `${base}/desk` : link);
    await page.getByRole('heading', { name: 'Inbox', level: 2 }).waitFor();
    state ??= await page.context().storageState();
    for (const direction of ['ltr', 'rtl']) {
      for (const path of PAGES) {
        walk.step(`${path}, ${look.name}, ${direction}`);
        await page.goto(`${base}${path}${direction === 'rtl' ? '?dir=rtl' : ''}`);
        await page.getByRole('heading').first().waitFor();
        await page.waitForTimeout(400);
        await walk.axe(page, `${path} ${look.name} ${direction}`);
        const spills = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        walk.expect(spills <= 1, `${path} fits into ${look.width} px (it is ${spills} px too wide)`);
        if (!SETTINGS.includes(path) || direction === 'rtl') continue;
        walk.step(`what ${path} opens, ${look.name}`);
        await page.locator('.page-head .btn.pri').click();
        await page.getByRole('dialog').waitFor();
        await walk.axe(page, `${path} ${look.name} dialog`);
        await page.keyboard.press('Escape');
      }
    }
    for (const path of STRANGERS) {
      walk.step(`${path}, ${look.name}`);
      const stranger = await walk.person(look);
      await stranger.goto(`${base}${path}`);
      await stranger.waitForTimeout(700);
      await walk.axe(stranger, `${path} ${look.name}`);
      await stranger.context().close();
    }
    walk.step(`demo page, ${look.name}`);
    const guest = await walk.person(look);
    await guest.goto(`${base}/demo`);
    await guest.waitForTimeout(1_500);
    await walk.axe(guest, `demo ${look.name}`);
    await guest.context().close();
    await page.context().close();
  }
});
