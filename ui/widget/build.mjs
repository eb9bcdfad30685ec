/** Builds the launcher (one classic script) and the panel (modules, named by content) into the Python package. */
import { rmSync, readdirSync, readFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync } from 'node:zlib';
import { build } from 'vite';

const here = dirname(fileURLToPath(import.meta.url));
const staticDir = resolve(process.env.BOTHANDS_STATIC ?? join(here, '../../src/bothands/web/static'));
const widgetDir = join(staticDir, 'widget');

export const LAUNCHER_BROTLI_BYTES_MAX = 6 * 1024;
export const WHOLE_BROTLI_BYTES_MAX = 30 * 1024;

const common = { root: here, configFile: false, logLevel: 'warn', publicDir: false };
const target = 'es2022';
// Old enough to be everywhere, young enough to know light-dark() and container queries.
const cssTarget = ['chrome123', 'firefox120', 'safari17.5'];

rmSync(widgetDir, { recursive: true, force: true });
mkdirSync(widgetDir, { recursive: true });

/** One pass in library form: no preload code is added, and what is imported later stays a file of its own. */
const pass = (entry, define, outDir = widgetDir, formats = ['es'], name = '[name].[hash].js') =>
  build({
    ...common,
    define,
    build: {
      target,
      cssTarget,
      outDir,
      emptyOutDir: false,
      minify: true,
      lib: { entry, formats, name: 'bothands' },
      rollupOptions: { preserveEntrySignatures: 'allow-extension', output: { minify: true, entryFileNames: name, chunkFileNames: '[name].[hash].js' } },
    },
  });
const source = (path) => join(here, 'src', path);
const written = (pattern) => readdirSync(widgetDir).filter((name) => pattern.test(name));

const languages = readdirSync(source('words')).map((name) => name.slice(0, -3)).filter((name) => /^[a-z]{2}$/.test(name) && name !== 'en');
await pass(Object.fromEntries(languages.map((name) => [name, source(`words/${name}.ts`)])), {});
const words = Object.fromEntries(written(/^[a-z]{2}\./).map((name) => [name.slice(0, 2), name]));

await pass({ panel: source('panel.tsx') }, { __WORDS__: JSON.stringify(words) });
const [panel] = written(/^panel\./);
if (!panel) throw new Error('Panel: the build wrote no panel.<hash>.js. Look at the entry names in build.mjs.');

const names = { __PANEL__: JSON.stringify(panel), __WORDS__: JSON.stringify(words) };
await pass(source('launcher.ts'), names, staticDir, ['iife'], 'widget.js');
await pass(source('page.ts'), names, widgetDir, ['es'], 'page.js');

const brotli = (path) => brotliCompressSync(readFileSync(path)).length;
const files = readdirSync(widgetDir).filter((name) => name.endsWith('.js'));
const sizes = Object.fromEntries(files.map((name) => [name, brotli(join(widgetDir, name))]));
const launcherBytes = brotli(join(staticDir, 'widget.js'));
const [later] = written(/^later\./);
const openBytes = launcherBytes + sizes[panel];
const wholeBytes = openBytes + sizes[later];
writeFileSync(join(widgetDir, 'manifest.json'), JSON.stringify({ panel, later, page: 'page.js', words, files }, null, 1) + '\n');
console.log(`widget.js ${launcherBytes} B, on opening ${openBytes} B, all of it ${wholeBytes} B (brotli)`);
if (launcherBytes > LAUNCHER_BROTLI_BYTES_MAX) throw new Error(`Launcher: ${launcherBytes} B brotli is over ${LAUNCHER_BROTLI_BYTES_MAX}. Move code into the panel.`);
if (wholeBytes > WHOLE_BROTLI_BYTES_MAX) throw new Error(`Widget: ${wholeBytes} B brotli is over ${WHOLE_BROTLI_BYTES_MAX}. Leave something out.`);
