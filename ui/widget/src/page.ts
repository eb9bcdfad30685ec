/** The same chat as a page of its own: <div id="chat" data-inbox="shop"></div> and this module. */
import colours from '@bothands/protocol/colours.css?inline';
import launcher from './launcher.css?inline';
import type { PanelModule } from './panel.tsx';

const place = document.querySelector<HTMLElement>('[data-inbox]');
if (place) {
  const host = document.createElement('bothands-chat');
  host.dataset.page = '';
  const follow = () => {
    const theme = place.dataset.theme || document.documentElement.dataset.theme;
    if (theme) host.dataset.theme = theme;
    else delete host.dataset.theme;
  };
  follow();
  new MutationObserver(follow).observe(document.documentElement, { attributeFilter: ['data-theme'] });
  const root = host.attachShadow({ mode: 'open' });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(colours + launcher);
  root.adoptedStyleSheets = [sheet];
  const room = document.createElement('div');
  room.className = 'w';
  root.append(room);
  place.replaceChildren(host);
  const { inbox = 'default', lang } = place.dataset;
  const language = lang || navigator.language;
  const panel = import(/* @vite-ignore */ new URL(__PANEL__, import.meta.url).href) as Promise<PanelModule>;
  void panel
    .then(({ mount }) => mount(root, room, { inbox, base: location.origin, language, mode: 'page' }))
    .then((there) => there.open());
}
