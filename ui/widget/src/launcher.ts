/**
 * The few kilobytes on the host's page: a button, a greeting, and the way to the rest.
 * The panel is fetched when it is wanted: on a press, or for a visitor who has written before.
 */
import colours from '@bothands/protocol/colours.css?inline';
import css from './launcher.css?inline';
import type { PanelModule, PanelOptions, PanelRoom } from './panel.tsx';
import { openKnowing } from './knowing.ts';
import { launcherWords as english, type LauncherWords } from './words/en.ts';

const GREETING_AFTER_MS = 4000;
const BUBBLE = 'M2.5 3.5h11v7.5H7.5L4.5 13.5V11h-2z';
const CROSS = 'm4 4 8 8M12 4l-8 8';

type Attributes = Record<string, string>;

/** Tells the panel, once there is one, as whom the visitor comes in from now on. */
let become: (key: string | null, isAnother: boolean) => void = () => {};

function make<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Attributes = {},
  ...inside: (Node | string)[]
): HTMLElementTagNameMap[Name] {
  const element = document.createElement(name);
  for (const key in attributes) element.setAttribute(key, attributes[key]!);
  element.append(...inside);
  return element;
}

function icon(path: string): SVGElement {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  svg.setAttribute('viewBox', '0 0 16 16');
  svg.setAttribute('aria-hidden', 'true');
  svg.append(document.createElementNS(svg.namespaceURI!, 'path'));
  (svg.firstChild as SVGElement).setAttribute('d', path);
  return svg;
}

/** Storage may be forbidden; the launcher then forgets, and works. */
function remember(shelf: 'localStorage' | 'sessionStorage', key: string, value?: string): string | null {
  try {
    if (value !== undefined) window[shelf].setItem(key, value);
    return window[shelf].getItem(key);
  } catch {
    return null;
  }
}

async function start(script: HTMLScriptElement) {
  const { inbox = 'default', container, theme, lang, greeting } = script.dataset;
  const base = new URL(script.src, location.href);
  const language = lang || document.documentElement.lang || navigator.language;
  const place = container ? document.querySelector(container) : document.body;
  if (!place) {
    console.error(`Bothands: data-container "${container}": nothing on this page matches it. Check the selector.`);
    return;
  }
  const name = `bothands:${inbox}:`;
  const fetched = (file: string) => import(/* @vite-ignore */ new URL('widget/' + file, base).href);
  const other = __WORDS__[language.slice(0, 2).toLowerCase()];
  const w: LauncherWords = other ? await fetched(other).then((module) => module.launcherWords, () => english) : english;
  const host = make('bothands-chat' as 'div');
  if (container) host.dataset.inside = '';
  const root = host.attachShadow({ mode: 'open' });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(colours + css);
  root.adoptedStyleSheets = [sheet];

  const badge = make('b', { hidden: '', 'aria-hidden': 'true' });
  const button = make('button', { class: 'la', type: 'button', 'aria-label': w.open_chat, 'aria-expanded': 'false' }, make('i', {}, icon(BUBBLE)), w.help, badge);
  const launcher = make('div', { class: 'w l' }, button);
  const room = make('div', { class: 'w' });
  root.append(launcher, room);
  if (other) launcher.lang = language;
  launcher.dir = getComputedStyle(place).direction;

  const follow = () => {
    const wanted = theme || document.documentElement.dataset.theme;
    if (wanted === 'light' || wanted === 'dark') host.dataset.theme = wanted;
    else delete host.dataset.theme;
  };
  follow();
  new MutationObserver(follow).observe(document.documentElement, { attributeFilter: ['data-theme'] });

  let panel: Promise<PanelRoom> | null = null;
  let card: HTMLElement | null = null;

  const options: PanelOptions = {
    inbox,
    base: base.origin,
    language,
    mode: 'widget',
    onClosed() {
      remember('sessionStorage', name + 'open', '0');
      launcher.hidden = false;
      button.setAttribute('aria-expanded', 'false');
      button.focus();
    },
    onUnread(n) {
      badge.hidden = !n;
      badge.textContent = n > 9 ? '9+' : String(n);
      button.setAttribute('aria-label', n ? `${w.open_chat}, ${(n > 1 ? w.unread_many : w.unread_one).replace('{n}', `${n}`)}` : w.open_chat);
    },
  };
  become = (key, isAnother) => {
    options.key = key;
    badge.hidden = badge.hidden || isAnother;
    panel?.then((there) => there.become(key, isAnother)).catch(() => {});
  };
  const load = () =>
    (panel ??= (fetched(__PANEL__) as Promise<PanelModule>).then((module) => module.mount(root, room, options)));

  /** A card above the button: the greeting, or why the chat did not come. */
  function show(more: Node, ...below: Node[]) {
    card?.remove();
    const close = make('button', { type: 'button', 'aria-label': w.close_greeting }, icon(CROSS));
    const face = make('span', { 'aria-hidden': 'true' }, 'AI');
    card = make('div', { class: 'gr', role: 'region', 'aria-label': w.greeting }, make('div', { class: 'g' }, face, more, close), ...below);
    close.onclick = () => {
      card!.remove();
      button.focus();
    };
    button.before(card);
  }

  async function open(asksPerson = false, takesFocus = true) {
    card?.remove();
    try {
      const there = await load();
      launcher.hidden = true;
      button.setAttribute('aria-expanded', 'true');
      remember('sessionStorage', name + 'open', '1');
      there.open({ asksPerson, takesFocus });
    } catch {
      panel = null;
      show(make('p', { role: 'alert' }, w.failed));
    }
  }

  function greet() {
    if (panel || remember('sessionStorage', name + 'greeted')) return;
    const ask = make('button', { type: 'button' }, w.ask);
    const person = make('button', { type: 'button', class: 'hu' }, w.ask_person);
    ask.onclick = () => open();
    person.onclick = () => open(true);
    show(make('p', {}, make('strong', {}, w.hello), make('small', {}, greeting || w.hello_more)), make('div', {}, ask, person));
    remember('sessionStorage', name + 'greeted', '1');
  }

  button.onclick = () => open();
  button.onpointerenter = () => void load().catch(() => (panel = null));
  Object.assign(host, { open, close: () => panel?.then((there) => there.close()) });
  place.append(host);

  await known;
  const isKnown = remember('localStorage', name + 'key');
  if (remember('sessionStorage', name + 'open') === '1' && (container || innerWidth > 480)) void open(false, false);
  else if (isKnown) setTimeout(() => void load().catch(() => (panel = null)), 1000);
  else if (greeting !== 'off') setTimeout(greet, GREETING_AFTER_MS);
}

const script = document.currentScript as HTMLScriptElement;
const knowing = openKnowing({
  inbox: script.dataset.inbox ?? 'default',
  base: new URL(script.src, location.href).origin,
  onKey: (key, isAnother) => become(key, isAnother),
});
/** What the host's page may ask for: `bothands('identify', token)`, `bothands('forget')`. */
const api = (verb: string, value?: string) => (verb === 'identify' ? knowing.identify(String(value)) : verb === 'forget' ? knowing.forget() : undefined);
const asked = (window as { bothands?: { q?: [string, string?][] } }).bothands?.q ?? [];
Object.assign(window, { bothands: api });
const { token } = script.dataset;
const known = token ? knowing.identify(token) : token === '' ? knowing.leave() : Promise.resolve();
for (const one of asked) void api(...one);
if (document.body) void start(script);
else addEventListener('DOMContentLoaded', () => void start(script));
