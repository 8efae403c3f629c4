// `npm test [-- stage …]`: runs every stage (or the named ones), goes on after a failure, and prints "N passed, N failed" last.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findChromium } from './chromium.mjs';
import { ensureInstalled } from './install.mjs';
import { pageIsStale } from './newest.mjs';
import { stages } from './stages.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
/** More would only take the cores from each other on a small machine. */
const COMMANDS_AT_A_TIME = 2;

ensureInstalled(root);
const reports = mkdtempSync(join(tmpdir(), 'merge-studio-'));
const totals = { passed: 0, failed: 0 };
try {
  for (const stage of await chosenStages(process.argv.slice(2))) {
    const { passed, failed } = await runStage(stage);
    totals.passed += passed;
    totals.failed += failed;
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  totals.failed += 1;
}
rmSync(reports, { recursive: true, force: true });
process.exitCode = totals.failed > 0 ? 1 : 0;
console.log(`${totals.passed} passed, ${totals.failed} failed`);

async function chosenStages(names) {
  const known = stages(root, reports, '').map(({ name }) => name);
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0) throw new Error(`no stage "${unknown.join('", "')}"; known: ${known.join(', ')}`);
  const chosen = (stage) => names.length === 0 || names.includes(stage.name);
  const all = stages(root, reports, '');
  const needsPage = all.some((stage) => chosen(stage) && stage.needsPage) && pageIsStale(root);
  const needsBrowser = all.some((stage) => chosen(stage) && stage.env);
  const chromium = needsBrowser ? await findChromium() : '';
  return stages(root, reports, chromium).filter((stage) => chosen(stage) || (needsPage && stage.name === 'build'));
}

/** A test runner counts its tests, every other stage counts as one. */
async function runStage({ name, commands, counts, env, limitMs }) {
  console.log(`\n── ${name}`);
  const start = performance.now();
  const complaints = await runCommands(commands, env, limitMs);
  const result = counts ? testCounts(counts, complaints) : { passed: 0, failed: 0 };
  if (!counts) result[complaints.length > 0 ? 'failed' : 'passed'] = 1;
  // A runner that fails without a failed test (an import that throws, an unhandled error) has still failed.
  if (complaints.length > 0 && result.failed === 0) result.failed = 1;
  for (const complaint of complaints) console.log(`${name}: ${complaint}`);
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  console.log(
    `── ${name}: ${result.failed > 0 ? 'FAILED' : 'ok'} in ${seconds} s, ${result.passed} passed, ${result.failed} failed`,
  );
  return result;
}

function testCounts(counts, complaints) {
  try {
    const result = counts();
    if (result.passed + result.failed === 0) complaints.push('no test ran');
    return result;
  } catch {
    complaints.push('the test runner left no report');
    return { passed: 0, failed: 0 };
  }
}

/** @returns what went wrong, in words; empty when every command exited with 0 */
async function runCommands(commands, env, limitMs) {
  const queue = [...commands];
  const complaints = [];
  const worker = async () => {
    for (let command = queue.shift(); command; command = queue.shift()) {
      const complaint = await run(command, env, limitMs);
      if (complaint) complaints.push(complaint);
    }
  };
  await Promise.all(Array.from({ length: COMMANDS_AT_A_TIME }, worker));
  return complaints;
}

function run(args, env, limitMs) {
  return new Promise((settle) => {
    // A group of its own, so that a command that hangs is ended together with the browsers that it started.
    const group = process.platform !== 'win32';
    const child = spawn(process.execPath, args, {
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit'],
      detached: group,
      env: { ...process.env, ...env },
    });
    const end = () => (group ? process.kill(-child.pid, 'SIGKILL') : child.kill('SIGKILL'));
    const interrupted = () => {
      end();
      process.exit(130);
    };
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      end();
    }, limitMs);
    process.once('SIGINT', interrupted);
    child.on('error', (error) => settle(error.message));
    child.on('close', (code) => {
      clearTimeout(timer);
      process.off('SIGINT', interrupted);
      const command = [basename(args[0]), ...args.slice(1)].join(' ');
      if (late) settle(`"${command}" was stopped after ${limitMs / 60_000} minutes`);
      else settle(code === 0 ? undefined : `"${command}" ended with exit code ${code}`);
    });
  });
}
