import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import type { Plugin } from 'vite';

const SOURCE = 'scripts/service-worker.js';
const TARGET = 'sw.js';

/** Writes sw.js beside the built page: scripts/service-worker.js with the list of all files, some ten megabytes. */
export function offline(): Plugin {
  let root = '';
  let folder = '';
  return {
    name: 'merge-studio:offline',
    // The page, not the programs that run in Node.
    apply: (config, { command }) => command === 'build' && !config.build?.ssr,
    configResolved(config) {
      root = config.root;
      folder = resolve(root, config.build.outDir);
    },
    // After the files of public/ have been copied.
    closeBundle() {
      const files = readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name))
        .filter((path) => !relative(folder, path).startsWith('.') && relative(folder, path) !== TARGET)
        .map((path): readonly [string, string] => [relative(folder, path).replaceAll('\\', '/'), hashOf(path)])
        .sort(([a], [b]) => (a < b ? -1 : 1));
      const version = createHash('sha256').update(JSON.stringify(files)).digest('hex').slice(0, 12);
      const head = `const VERSION = ${JSON.stringify(version)};\nconst FILES = ${JSON.stringify(files)};\n`;
      writeFileSync(join(folder, TARGET), head + readFileSync(join(root, SOURCE), 'utf8'));
    },
  };
}

const hashOf = (path: string) => createHash('sha256').update(readFileSync(path)).digest('hex').slice(0, 12);
