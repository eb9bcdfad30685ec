import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { openKnowing } from '../src/knowing.ts';

const packed = (value: object) => btoa(String.fromCharCode(...new TextEncoder().encode(JSON.stringify(value)))).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
const tokenOf = (sub: string) => `${packed({ alg: 'HS256' })}.${packed({ sub })}.c2ln`;

let calls: { method: string; key: string; body: string }[];
let answer: () => Response | Promise<Response>;
let keys: [string | null, boolean][];

beforeEach(() => {
  localStorage.clear();
  sessionStorage.clear();
  calls = [];
  keys = [];
  let count = 0;
  answer = () => Response.json({ key: `vk_new${++count}` });
  vi.stubGlobal('fetch', (_: string, init: RequestInit) => {
    const headers = init.headers as Record<string, string>;
    calls.push({ method: init.method!, key: headers['x-visitor-key']!, body: String(init.body ?? '') });
    return Promise.resolve().then(answer);
  });
  vi.spyOn(console, 'warn').mockImplementation(() => {});
});
afterEach(() => vi.unstubAllGlobals());

const open = () => openKnowing({ inbox: 'shop', base: 'https://help.example', onKey: (key, isAnother) => keys.push([key, isAnother]) });
const kept = () => Object.fromEntries(Object.keys(localStorage).map((key) => [key, localStorage.getItem(key)]));

test('a token is exchanged for a key, and the old key comes along', async () => {
  localStorage.setItem('bothands:shop:key', 'vk_guest');
  localStorage.setItem('bothands:shop:out:c-1', 'unsent');
  expect(await open().identify(tokenOf('åda'))).toBe(true);
  expect(calls).toMatchObject([{ method: 'POST', key: 'vk_guest' }]);
  expect(kept()).toEqual({ 'bothands:shop:key': 'vk_new1', 'bothands:shop:who': 'åda', 'bothands:shop:out:c-1': 'unsent' });
  expect(keys).toEqual([['vk_new1', false]]);
});

test('another customer finds nothing of the one before', async () => {
  const knowing = open();
  await knowing.identify(tokenOf('ada'));
  localStorage.setItem('bothands:shop:out:c-1', 'unsent words of ada');
  sessionStorage.setItem('bothands:shop:draft', 'half a sentence of ada');
  localStorage.setItem('bothands:other:key', 'vk_elsewhere');
  await knowing.identify(tokenOf('bob'));
  expect(kept()).toEqual({ 'bothands:shop:key': 'vk_new2', 'bothands:shop:who': 'bob', 'bothands:other:key': 'vk_elsewhere' });
  expect(sessionStorage.length).toBe(0);
  expect(keys.at(-1)).toEqual(['vk_new2', true]);
});

test('a refused token of another customer ends the one before; of the same, nothing changes', async () => {
  const knowing = open();
  await knowing.identify(tokenOf('ada'));
  for (const failure of [() => Response.json({ detail: 'Signed token: it has expired.' }, { status: 401 }), () => Promise.reject(new TypeError('offline'))]) {
    answer = failure;
    expect(await knowing.identify(tokenOf('ada'))).toBe(false);
    expect(localStorage.getItem('bothands:shop:key')).toBe('vk_new1');
  }
  expect(await knowing.identify(tokenOf('bob'))).toBe(false);
  expect(kept()).toEqual({});
  expect(keys.at(-1)).toEqual([null, true]);
  expect(calls.at(-1)).toMatchObject({ method: 'DELETE', key: 'vk_new1' });
});

test('forgetting leaves nothing, even when the server cannot be told', async () => {
  const knowing = open();
  await knowing.identify(tokenOf('ada'));
  answer = () => Promise.reject(new TypeError('offline'));
  await knowing.forget();
  expect(kept()).toEqual({});
  expect(keys.at(-1)).toEqual([null, true]);
});

test('a page on which nobody is signed in ends a customer, not an unknown visitor', async () => {
  const knowing = open();
  localStorage.setItem('bothands:shop:key', 'vk_guest');
  await knowing.leave();
  expect(localStorage.getItem('bothands:shop:key')).toBe('vk_guest');
  await knowing.identify(tokenOf('ada'));
  await knowing.leave();
  expect(kept()).toEqual({});
});

test('nonsense for a token is nobody, and ends whoever was there', async () => {
  const knowing = open();
  await knowing.identify(tokenOf('ada'));
  answer = () => Response.json({}, { status: 401 });
  for (const nonsense of ['x', 'a.b.c', '']) await knowing.identify(nonsense);
  expect(kept()).toEqual({});
});
