// @vitest-environment node
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const lock = JSON.parse(readFileSync(join(import.meta.dirname, '../../package-lock.json'), 'utf8')) as {
  packages: Record<string, { resolved?: string; integrity?: string; link?: boolean; hasInstallScript?: boolean; optional?: boolean }>;
};

test('the lock names no host, keeps every hash, and carries all platforms of the bundler', () => {
  for (const [name, one] of Object.entries(lock.packages)) {
    expect(one.resolved ?? '', name).not.toContain('://');
    if (name.includes('node_modules/') && !one.link) expect(one.integrity, name).toMatch(/^sha512-/);
  }
  expect(Object.keys(lock.packages).filter((name) => name.includes('@rolldown/binding-')).length).toBeGreaterThanOrEqual(15);
});

test('no dependency wants to run a script when installed', () => {
  const scripted = Object.entries(lock.packages).filter(([, one]) => one.hasInstallScript && !one.optional);
  expect(scripted.map(([name]) => name)).toEqual([]);
});
