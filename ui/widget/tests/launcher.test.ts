import { afterEach, beforeEach, expect, test, vi } from 'vitest';

beforeEach(() => {
  vi.useFakeTimers();
  vi.resetModules();
  document.body.replaceChildren();
  localStorage.clear();
  sessionStorage.clear();
});
afterEach(() => {
  vi.useRealTimers();
  delete document.documentElement.dataset.theme;
});

async function launch(data: Record<string, string> = {}) {
  const script = document.createElement('script');
  Object.defineProperty(script, 'src', { value: 'http://127.0.0.1:9/widget.js' });
  Object.assign(script.dataset, { inbox: 'shop', ...data });
  Object.defineProperty(document, 'currentScript', { value: script, configurable: true });
  await import('../src/launcher.ts');
  await vi.advanceTimersByTimeAsync(0);
  const host = document.querySelector<HTMLElement>('bothands-chat')!;
  return { host, root: host?.shadowRoot, find: <T extends HTMLElement>(what: string) => host.shadowRoot!.querySelector<T>(what) };
}

test('one element is added, with everything in its shadow', async () => {
  const { root, find } = await launch();
  expect(document.body.children).toHaveLength(1);
  expect(root!.mode).toBe('open');
  expect(find('button')!.getAttribute('aria-label')).toBe('Help: open chat');
  expect(root!.querySelector('[style]')).toBeNull();
});

test('nothing is kept before the visitor does something', async () => {
  await launch();
  expect(localStorage.length).toBe(0);
  expect(document.cookie).toBe('');
});

test('the greeting comes after a while, once per tab, and gives focus back when closed', async () => {
  const { find } = await launch();
  expect(find('.gr')).toBeNull();
  await vi.advanceTimersByTimeAsync(4100);
  expect(find('.gr')!.textContent).toContain('AI assistant');
  find<HTMLButtonElement>('.gr button[aria-label="Close greeting"]')!.click();
  expect(find('.gr')).toBeNull();
  expect(find('button')!.getRootNode()).toHaveProperty('activeElement', find('button'));
  document.body.replaceChildren();
  vi.resetModules();
  const again = await launch();
  await vi.advanceTimersByTimeAsync(4100);
  expect(again.find('.gr')).toBeNull();
});

test('it says the shop’s own greeting, or none', async () => {
  const { find } = await launch({ greeting: 'We know beds <b>well</b>.' });
  await vi.advanceTimersByTimeAsync(4100);
  expect(find('.gr small')!.textContent).toBe('We know beds <b>well</b>.');
  document.body.replaceChildren();
  sessionStorage.clear();
  vi.resetModules();
  const silent = await launch({ greeting: 'off' });
  await vi.advanceTimersByTimeAsync(4100);
  expect(silent.find('.gr')).toBeNull();
});

test('a panel that does not come is told, and can be asked for again', async () => {
  const { find } = await launch();
  find('button')!.click();
  vi.useRealTimers();
  await vi.waitFor(() => expect(find('[role=alert]')!.textContent).toContain('did not load'));
  expect(find<HTMLElement>('.l')!.hidden).toBe(false);
});

test('it sits inside a container when given one, and says what is wrong when there is none', async () => {
  const phone = document.createElement('div');
  phone.id = 'phone';
  document.body.append(phone);
  const { host } = await launch({ container: '#phone' });
  expect(host.parentElement).toBe(phone);
  expect(host.dataset.inside).toBe('');
  phone.remove();
  vi.resetModules();
  const complaint = vi.spyOn(console, 'error').mockImplementation(() => {});
  await launch({ container: '#nowhere' });
  expect(complaint.mock.calls[0]![0]).toContain('#nowhere');
  complaint.mockRestore();
});

test('it follows the page’s theme unless told its own', async () => {
  document.documentElement.dataset.theme = 'dark';
  const { host } = await launch();
  expect(host.dataset.theme).toBe('dark');
  document.body.replaceChildren();
  vi.resetModules();
  expect((await launch({ theme: 'light' })).host.dataset.theme).toBe('light');
});

test('a forbidden storage is no obstacle', async () => {
  const forbidden = vi.spyOn(window, 'localStorage', 'get').mockImplementation(() => {
    throw new DOMException('no', 'SecurityError');
  });
  const { find } = await launch();
  expect(find('button')).not.toBeNull();
  forbidden.mockRestore();
});

test('the page hands over who is signed in, at once or later, and can take it back', async () => {
  const asked: string[] = [];
  vi.stubGlobal('fetch', (_: string, init: RequestInit) => {
    asked.push(`${init.method} ${String(init.body ?? '').slice(0, 20)}`);
    return Promise.resolve(Response.json({ key: 'vk_ada' }));
  });
  Object.assign(window, { bothands: { q: [['identify', 'early.token.x']] } });
  await launch({ token: 'from.attribute.x' });
  const bothands = (window as unknown as { bothands: (verb: string, value?: string) => Promise<unknown> }).bothands;
  expect(await bothands('identify', 'later.token.x')).toBe(true);
  expect(localStorage.getItem('bothands:shop:key')).toBe('vk_ada');
  await bothands('forget');
  expect(localStorage.length).toBe(0);
  expect(asked).toEqual(['POST {"token":"from.attri', 'POST {"token":"early.toke', 'POST {"token":"later.toke', 'DELETE ']);
  vi.unstubAllGlobals();
});
