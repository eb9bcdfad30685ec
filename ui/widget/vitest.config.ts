import { defineConfig } from 'vitest/config';

export default defineConfig({
  define: { __PANEL__: '"panel.test.js"', __WORDS__: '{}' },
  test: { include: ['tests/**/*.test.{ts,tsx}'], environment: 'happy-dom' },
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
});
