import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { build } from 'vite';
import { afterAll, beforeAll, expect, test } from 'vitest';

const INITIAL_BROTLI_BYTES_MAX = 250 * 1024;
const AIM_BROTLI_BYTES = 150 * 1024;

const out = mkdtempSync(join(tmpdir(), 'desk-'));
const read = (path: string) => readFileSync(join(out, path));

beforeAll(async () => {
  // The test runner's own value would put React's development build in.
  process.env.NODE_ENV = 'production';
  await build({ configFile: join(import.meta.dirname, '../vite.config.ts'), logLevel: 'error', build: { outDir: out } });
}, 60_000);
afterAll(() => rmSync(out, { recursive: true }));

/** What a page asks for before it shows anything: its HTML, styles, script and preloaded parts. */
function initialBytes(page: string): number {
  const html = read(page).toString();
  const files = [...html.matchAll(/(?:src|href)="\/desk\/([^"]+)"/g)].map((match) => match[1]!);
  expect(files.length).toBeGreaterThan(2);
  return [page, ...files].reduce((sum, file) => sum + brotliCompressSync(read(file)).length, 0);
}

test.each(['index.html', 'demo.html'])('%s loads little', (page) => {
  const bytes = initialBytes(page);
  console.info(`${page}: ${(bytes / 1024).toFixed(1)} kB brotli at first (aim ${AIM_BROTLI_BYTES / 1024}, limit ${INITIAL_BROTLI_BYTES_MAX / 1024})`);
  expect(bytes).toBeLessThanOrEqual(INITIAL_BROTLI_BYTES_MAX);
});

test.each(['index.html', 'demo.html'])('%s needs no inline script or style, so a strict policy holds', (page) => {
  const html = read(page).toString();
  expect(html).not.toMatch(/<style|style="|<script(?![^>]*\ssrc=)|\son\w+="/);
});
