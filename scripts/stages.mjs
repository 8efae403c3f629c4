// The stages of `npm test`, in order. A stage is a list of commands (Node scripts), at most two of which run at a time.
import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

const TYPE_PROJECTS = ['core', 'worker', 'page', 'node', 'test'];

const MINUTE_MS = 60_000;
const JOURNEYS_LIMIT_MS = 18 * MINUTE_MS;

/**
 * @param {string} root the repository
 * @param {string} reports folder for the reports of test runners
 * @param {string} chromium path of the browser
 */
export function stages(root, reports, chromium) {
  const tool = (...path) => join(root, 'node_modules', ...path);
  const vitest = (project) => ({
    commands: [
      [tool('vitest', 'vitest.mjs'), 'run', '--project', project, '--reporter=default', '--reporter=json'].concat(
        `--outputFile.json=${join(reports, `${project}.json`)}`,
      ),
    ],
    result: () => vitestResult(root, join(reports, `${project}.json`)),
  });
  const browser = { MERGE_STUDIO_CHROMIUM: chromium };
  return [
    {
      name: 'types',
      limitMs: 3 * MINUTE_MS,
      commands: TYPE_PROJECTS.map((name) => [tool('typescript', 'bin', 'tsc'), '-p', `tsconfig.${name}.json`]),
    },
    {
      name: 'lint',
      limitMs: 2 * MINUTE_MS,
      commands: [
        [tool('@biomejs', 'biome', 'bin', 'biome'), 'ci', `--colors=${process.stdout.isTTY ? 'force' : 'off'}`],
      ],
    },
    { name: 'unit', limitMs: 10 * MINUTE_MS, ...vitest('unit') },
    { name: 'browser', limitMs: 5 * MINUTE_MS, env: browser, ...vitest('browser') },
    {
      name: 'build',
      limitMs: 3 * MINUTE_MS,
      commands: [[tool('vite', 'bin', 'vite.js'), 'build', '--logLevel', 'warn']],
    },
    { name: 'size', needsPage: true, limitMs: MINUTE_MS, commands: [[join(root, 'scripts', 'size.mjs')]] },
    { name: 'dead-code', limitMs: 2 * MINUTE_MS, commands: [[tool('knip', 'bin', 'knip.js')]] },
    {
      name: 'journeys',
      needsPage: true,
      // Six minutes at two idle cores, three times that where the machine is shared. Playwright ends a minute earlier,
      // so that it still writes its report.
      limitMs: JOURNEYS_LIMIT_MS,
      env: {
        ...browser,
        MERGE_STUDIO_JOURNEYS_REPORT: join(reports, 'journeys.json'),
        MERGE_STUDIO_JOURNEYS_LIMIT_MS: String(JOURNEYS_LIMIT_MS - MINUTE_MS),
      },
      commands: [[tool('@playwright', 'test', 'cli.js'), 'test']],
      result: () => playwrightResult(join(reports, 'journeys.json')),
    },
  ];
}

function vitestResult(root, path) {
  const report = JSON.parse(readFileSync(path, 'utf8'));
  const failures = report.testResults.flatMap(({ name, status, message, assertionResults }) => {
    const file = relative(root, name);
    const failed = assertionResults.filter((test) => test.status === 'failed');
    // A file that cannot even be imported has no tests.
    if (failed.length === 0 && status === 'failed') return [{ name: file, message }];
    return failed.map(({ fullName, failureMessages }) => ({
      name: `${file} › ${fullName}`,
      message: failureMessages.join('\n'),
    }));
  });
  return { passed: report.numPassedTests, failed: report.numFailedTests, failures };
}

function playwrightResult(path) {
  const { stats, suites } = JSON.parse(readFileSync(path, 'utf8'));
  const failures = suites.flatMap(unexpected);
  return { passed: stats.expected + stats.flaky, failed: stats.unexpected, failures };
}

function unexpected({ specs = [], suites = [] }) {
  const failed = specs.filter(({ ok }) => !ok);
  const own = failed.map(({ file, line, title, tests }) => {
    const errors = tests.flatMap(({ results }) => results.flatMap((result) => result.errors));
    return { name: `e2e/${file}:${line} › ${title}`, message: errors.map(({ message }) => message).join('\n') };
  });
  return [...own, ...suites.flatMap(unexpected)];
}
