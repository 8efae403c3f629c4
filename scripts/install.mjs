// Installs the locked dependencies when they are missing or older than the lockfile, so that every command works on a fresh clone.
import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';

export function ensureInstalled(root) {
  const lockfile = join(root, 'package-lock.json');
  // npm writes this file at the end of every install.
  const receipt = join(root, 'node_modules', '.package-lock.json');
  if (existsSync(receipt) && statSync(receipt).mtimeMs >= statSync(lockfile).mtimeMs) return;
  process.stderr.write('Installing the locked dependencies (npm ci) …\n');
  // Only the result belongs on stdout: npm's own words go to stderr.
  const install = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  });
  if (install.status !== 0) {
    process.stderr.write('npm ci failed: check that the npm registry can be reached, then try again.\n');
    process.exit(1);
  }
}
