/** A real browser for end-to-end walks: contexts for people, axe on what they see, pictures when asked for. */
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const executablePath = process.env.CHROMIUM ?? PLACES.find(existsSync);
const pictures = process.env.PICTURES;

/** Open a browser, run `walk`, say what was found as JSON on the last line, and exit by it. */
export async function browse(walk) {
  const browser = await chromium.launch({
    executablePath,
    args: [
      ...['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--no-first-run'],
      // A page that a walk makes up has no address of its own, and may reach our loopback all the same.
      '--disable-features=LocalNetworkAccessChecks',
    ],
  });
  const found = { steps: [], faults: [] };
  try {
    await walk(new Walk(browser, found));
  } catch (error) {
    found.faults.push(`after "${found.steps.at(-1) ?? 'the start'}": ${error.message}`);
    await Promise.all(browser.contexts().flatMap((one) => one.pages()).map((page, place) => picture(page, `fault-${place}`)));
  } finally {
    await browser.close();
  }
  console.log(JSON.stringify(found));
  process.exitCode = found.faults.length ? 1 : 0;
}

class Walk {
  constructor(browser, found) {
    this.browser = browser;
    this.found = found;
  }

  /** A page of a person of their own; what the page complains about is a fault, but for refusals that the walk is about. */
  async person({ width = 1280, height = 860, dark = false, refused = /401/ } = {}) {
    const context = await this.browser.newContext({
      viewport: { width, height },
      colorScheme: dark ? 'dark' : 'light',
      reducedMotion: 'reduce',
      locale: 'en-GB',
    });
    const page = await context.newPage();
    // As long as a busy machine may take; a walk that passes does not wait for it.
    page.setDefaultTimeout(45_000);
    page.on('pageerror', (error) => this.found.faults.push(`page error: ${error.message}`));
    page.on('console', (message) => {
      if (message.type() === 'error' && !refused.test(message.text() + message.location().url)) {
        this.found.faults.push(`console: ${message.text()} ${message.location().url}`);
      }
    });
    return page;
  }

  step(words) {
    this.found.steps.push(words);
  }

  expect(holds, words) {
    if (!holds) throw new Error(`it does not hold that ${words}`);
  }

  /** Move the focus by Tab (or `key`) until `is` holds for the focused element; a person without a mouse. */
  async tabTo(page, is, { key = 'Tab', times = 60 } = {}) {
    for (let pressed = 0; pressed < times; pressed += 1) {
      if (await page.evaluate(focused, is)) return;
      await page.keyboard.press(key);
    }
    throw new Error(`no way by keyboard to "${is}"`);
  }

  async axe(page, where) {
    await page.evaluate(axe);
    const { violations } = await page.evaluate((tags) => globalThis.axe.run(document, { runOnly: tags }), RULES);
    for (const one of violations) {
      const targets = one.nodes.slice(0, 3).map((node) => node.target.flat().join(' '));
      this.found.faults.push(`axe ${one.id} on ${where}: ${targets.join(' | ')}`);
    }
    await picture(page, where);
  }
}

/** Whether the deepest focused element's name or text is `is`. Runs in the page. */
function focused(is) {
  let element = document.activeElement;
  while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
  if (!element || element === document.body) return false;
  const labels = [...(element.labels ?? [])].map((label) => label.textContent);
  const names = [element.getAttribute('aria-label'), element.textContent, element.getAttribute('placeholder'), ...labels];
  return names.some((name) => name?.replace(/\s+/g, ' ').trim().startsWith(is));
}

async function picture(page, name) {
  if (!pictures) return;
  mkdirSync(pictures, { recursive: true });
  await page.screenshot({ path: `${pictures}/${name.replace(/[^a-z0-9]+/gi, '-')}.png` });
}
