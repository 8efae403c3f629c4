// Runs a Node program of src/cli: bundles its TypeScript with Vite when a source is newer than the last bundle, then runs it.
// (TensorFlow.js publishes ES modules with extensionless imports, which Node itself cannot load.)
import { spawnSync } from 'node:child_process';
import { existsSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureInstalled } from './install.mjs';
import { newest } from './newest.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const PROGRAMS = {
  studio: 'src/cli/studio/main.ts',
  train: 'src/cli/train/main.ts',
  bench: 'src/cli/bench/main.ts',
  study: 'src/cli/study/main.ts',
};

/** The threads that some of them start. */
const WORKER = 'src/cli/lanes/worker.ts';

const [name, ...args] = process.argv.slice(2);
const entry = PROGRAMS[name];
if (!entry) {
  console.error(`unknown program "${name}"; known: ${Object.keys(PROGRAMS).join(', ')}`);
  process.exit(2);
}
ensureInstalled(root);
const bundle = await bundled(name, entry);
// Ctrl-C reaches the program too, which ends as it has to; its exit status is waited for.
process.on('SIGINT', () => {});
const run = spawnSync(process.execPath, ['--enable-source-maps', bundle, ...args], { stdio: 'inherit', cwd: root });
process.exit(run.status ?? 1);

async function bundled(program, source) {
  const folder = join(root, '.cache', program);
  const output = join(folder, 'main.mjs');
  const inputs = ['src', 'assembly', 'scripts', 'package-lock.json', 'vite.config.ts'].map((path) => join(root, path));
  if (existsSync(output) && statSync(output).mtimeMs > Math.max(...inputs.map(newest))) return output;
  const { build } = await import('vite');
  rmSync(folder, { recursive: true, force: true });
  await build({
    root,
    logLevel: 'error',
    publicDir: false,
    ssr: { noExternal: true, target: 'node' },
    build: {
      ssr: true,
      outDir: folder,
      minify: false,
      sourcemap: true,
      target: 'node20',
      rolldownOptions: {
        input: { main: join(root, source), worker: join(root, WORKER) },
        output: {
          entryFileNames: '[name].mjs',
          chunkFileNames: '[name]-[hash].mjs',
          // The WebAssembly loader asks for these two names of CommonJS; fflate declares the first once more.
          banner:
            "import { createRequire as __createRequire } from 'node:module'; var require = __createRequire(import.meta.url); const __dirname = import.meta.dirname;",
        },
      },
    },
  });
  return output;
}
