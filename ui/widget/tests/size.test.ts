// @vitest-environment node
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';

const LAUNCHER_BROTLI_BYTES_MAX = 6 * 1024;
const WHOLE_BROTLI_BYTES_MAX = 30 * 1024;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'widget-'));
  execFileSync(process.execPath, [join(import.meta.dirname, '../build.mjs')], { env: { ...process.env, NODE_ENV: 'production', BOTHANDS_STATIC: folder }, stdio: 'pipe' });
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const brotli = (path: string) => brotliCompressSync(readFileSync(join(folder, path))).length;
const manifest = () => JSON.parse(readFileSync(join(folder, 'widget/manifest.json'), 'utf8')) as { panel: string; later: string; page: string; files: string[] };

test('the launcher and the whole widget stay within their floors', () => {
  const launcher = brotli('widget.js');
  const whole = launcher + brotli(`widget/${manifest().panel}`) + brotli(`widget/${manifest().later}`);
  expect(launcher).toBeLessThanOrEqual(LAUNCHER_BROTLI_BYTES_MAX);
  expect(whole).toBeLessThanOrEqual(WHOLE_BROTLI_BYTES_MAX);
});

test('the launcher asks for exactly the panel that was built', () => {
  expect(readFileSync(join(folder, 'widget.js'), 'utf8')).toContain(manifest().panel);
  expect(readFileSync(join(folder, 'widget/page.js'), 'utf8')).toContain(manifest().panel);
  expect(readdirSync(join(folder, 'widget')).filter((name) => name.startsWith('panel.'))).toEqual([manifest().panel]);
});

test('nothing is evaluated, injected as HTML, or taken from elsewhere', () => {
  for (const path of ['widget.js', ...manifest().files.map((name) => `widget/${name}`)]) {
    const text = readFileSync(join(folder, path), 'utf8');
    expect(text, path).not.toMatch(/\beval\(|new Function|document\.write|insertAdjacentHTML/);
    // Preact carries the word for a property we never set.
    const addresses = [...text.matchAll(/https?:\/\/[\w.-]+/g)].map(([address]) => address).filter((address) => !address.endsWith('www.w3.org'));
    expect(addresses, path).toEqual([]);
  }
});
