// `npm test [-- stage …]`: runs every stage (or the named ones), goes on after a failure, and prints "N passed, N failed" last.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import { findChromium } from './chromium.mjs';
import { ensureInstalled } from './install.mjs';
import { pageIsStale } from './newest.mjs';
import { stages } from './stages.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
/** More would only take the cores from each other on a small machine. */
const COMMANDS_AT_A_TIME = 2;
const MOST_FAILURES = 6;
const MESSAGE_LENGTH = 1200;

ensureInstalled(root);
const reports = mkdtempSync(join(tmpdir(), 'merge-studio-'));
const totals = { passed: 0, failed: 0 };
const failures = [];
try {
  for (const stage of await chosenStages(process.argv.slice(2))) {
    const result = await runStage(stage);
    totals.passed += result.passed;
    totals.failed += result.failed;
    failures.push(...result.failures.map(({ name, message }) => ({ name: `${stage.name}: ${name}`, message })));
  }
} catch (error) {
  failures.push({ name: 'npm test', message: error instanceof Error ? error.message : String(error) });
  totals.failed += 1;
}
rmSync(reports, { recursive: true, force: true });
process.exitCode = totals.failed > 0 ? 1 : 0;
printFailures();
console.log(`${totals.passed} passed, ${totals.failed} failed`);

/** Once more at the end: a log is long, and some places keep only its last lines. */
function printFailures() {
  for (const { name, message } of failures.slice(0, MOST_FAILURES)) {
    const plain = stripVTControlCharacters(message).trim();
    console.log(`\n✗ ${name}\n${plain.slice(0, MESSAGE_LENGTH)}`);
  }
  if (failures.length > MOST_FAILURES) console.log(`\n✗ and ${failures.length - MOST_FAILURES} more, above`);
}

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
async function runStage({ name, commands, result, env, limitMs }) {
  console.log(`\n── ${name}`);
  const start = performance.now();
  const complaints = await runCommands(commands, env, limitMs);
  const stage = result ? testResult(result, complaints) : { passed: 0, failed: 0, failures: [] };
  if (!result && complaints.length === 0) stage.passed = 1;
  // A runner that fails without a failed test (an import that throws, an unhandled error) has still failed.
  if (complaints.length > 0 && stage.failed === 0) stage.failed = 1;
  for (const { name: what } of complaints) console.log(`${name}: ${what}`);
  if (stage.failures.length === 0) stage.failures = complaints;
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  console.log(
    `── ${name}: ${stage.failed > 0 ? 'FAILED' : 'ok'} in ${seconds} s, ${stage.passed} passed, ${stage.failed} failed`,
  );
  return stage;
}

function testResult(result, complaints) {
  try {
    const stage = result();
    if (stage.passed + stage.failed === 0) complaints.push({ name: 'no test ran', message: '' });
    return stage;
  } catch {
    complaints.push({ name: 'the test runner left no report', message: '' });
    return { passed: 0, failed: 0, failures: [] };
  }
}

/** @returns what went wrong, in words, with the last that the command printed; empty when every command exited with 0 */
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
      // Who sits at a terminal reads there; elsewhere the last lines are kept, to be printed once more.
      stdio: ['ignore', ...(process.stdout.isTTY ? ['inherit', 'inherit'] : ['pipe', 'pipe'])],
      detached: group,
      env: { ...process.env, ...env },
    });
    let said = '';
    const keep = (to) => (text) => {
      to.write(text);
      said = `${said}${text}`.slice(-MESSAGE_LENGTH);
    };
    child.stdout?.setEncoding('utf8').on('data', keep(process.stdout));
    child.stderr?.setEncoding('utf8').on('data', keep(process.stderr));
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
    child.on('error', (error) => settle({ name: error.message, message: '' }));
    child.on('close', (code) => {
      clearTimeout(timer);
      process.off('SIGINT', interrupted);
      const command = [basename(args[0]), ...args.slice(1)].join(' ');
      const complain = (what) => settle({ name: `"${command}" ${what}`, message: said });
      if (late) complain(`was stopped after ${limitMs / 60_000} minutes`);
      else if (code !== 0) complain(`ended with exit code ${code}`);
      else settle(undefined);
    });
  });
}
