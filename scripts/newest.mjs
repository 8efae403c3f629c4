// Says whether something built is older than what it was built from.
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Latest modification time in ms below `path`; 0 where nothing is. */
export function newest(path) {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (!stat) return 0;
  if (!stat.isDirectory()) return stat.mtimeMs;
  const children = readdirSync(path).filter((child) => child !== 'node_modules');
  return Math.max(stat.mtimeMs, ...children.map((child) => newest(join(path, child))));
}

const PAGE_SOURCES = [
  'index.html',
  'public',
  'src',
  'workers',
  'vite.config.ts',
  'scripts/catalogue-plugin.ts',
  'package-lock.json',
];

/** True when dist/ holds no page, or one older than its sources. */
export function pageIsStale(root) {
  // The manifest is the last file that a build writes.
  const built = newest(join(root, 'dist', '.vite', 'manifest.json'));
  return built === 0 || PAGE_SOURCES.some((path) => newest(join(root, path)) > built);
}
