import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** Where the Python package serves from; tests build elsewhere. */
const staticDir = process.env.BOTHANDS_STATIC ?? fileURLToPath(new URL('../../src/bothands/web/static', import.meta.url));

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  root: here('.'),
  base: '/desk/',
  plugins: [react()],
  build: {
    outDir: `${staticDir}/desk`,
    emptyOutDir: true,
    target: 'es2022',
    // Inline data: URLs would need a wider content policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: { input: { index: here('index.html'), demo: here('demo.html') } },
  },
});
