import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from './studio.ts';

interface Evaluated {
  readonly mergeId: string;
  readonly backend: string;
  readonly tasks: readonly { readonly id: string; readonly accuracy: number; readonly n: number }[];
}

/** Bundling the program anew takes most of it. */
const LIMIT_MS = 120_000;

async function evaluate(link: string, ...options: string[]): Promise<Evaluated> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['scripts/node.mjs', 'studio', 'evaluate', link, '--json', ...options],
    { timeout: LIMIT_MS },
  );
  return JSON.parse(stdout) as Evaluated;
}

test('the command line says exactly what the page says', async ({ studio, page }) => {
  const [first = '', second = '', third = ''] = studio.opening;
  const links = [
    { hash: '#v=1', tasks: studio.opening },
    { hash: `#v=1&e=${first},${second},${third}&m=dare+ties&p.p=.7&s=5`, tasks: [first, second, third] },
  ];
  for (const { hash, tasks } of links) {
    await studio.open(`?backend=wasm${hash}`);
    const { mergeId, rows } = await studio.measured(studio.images, tasks);
    const printed = await evaluate(page.url());
    expect(printed.backend).toBe('wasm');
    expect(printed.mergeId).toBe(mergeId);
    expect(printed.tasks.map(({ id, accuracy, n }) => ({ id, accuracy, n }))).toEqual(
      rows.map(({ task, accuracy, n }) => ({ id: task, accuracy, n })),
    );
  }
});

const ZOO = 'public/zoo/glyph-vit';

/** What the real command prints, and how it ends. */
function studioCommand(...args: string[]): Promise<{ readonly stdout: string; readonly code: number }> {
  return new Promise((resolve) => {
    const command = ['scripts/node.mjs', 'studio', ...args];
    execFile(process.execPath, command, { timeout: LIMIT_MS }, (error, stdout) => {
      resolve({ stdout, code: typeof error?.code === 'number' ? error.code : 0 });
    });
  });
}

test('the command line says what models on disk are, and whether a merge of them would run', async () => {
  const files = ['base', 'digits', 'kana'].map((id) => `${ZOO}/${id}.safetensors`);
  const inspected = await studioCommand('inspect', ...files, '--json');
  const { models, fit, kinship } = JSON.parse(inspected.stdout);
  expect(models.map(({ architecture }: { architecture: { id: string } }) => architecture.id)).toEqual(
    files.map(() => 'studio-vit'),
  );
  expect(fit.decisions).toEqual([]);
  expect(kinship.experts.map(({ verdict }: { verdict: string }) => verdict)).toEqual(['related', 'related']);

  const folder = await mkdtemp(join(tmpdir(), 'studio-check-'));
  const configuration = async (...experts: string[]) => {
    const path = join(folder, 'merge.yaml');
    const rows = experts.map((id) => `  - model: ${join(process.cwd(), ZOO, id)}.safetensors`);
    await writeFile(path, ['merge_method: linear', 'models:', ...rows, 'parameters: { weight: 0.5 }'].join('\n'));
    return path;
  };
  const good = await studioCommand('check', await configuration('digits', 'kana'), '--json');
  expect({ code: good.code, ...JSON.parse(good.stdout) }).toMatchObject({ code: 0, runs: true, problems: [] });
  const bad = await studioCommand('check', await configuration('digits', 'nobody'), '--json');
  expect({ code: bad.code, ...JSON.parse(bad.stdout) }).toMatchObject({
    code: 1,
    runs: false,
    problems: [{ line: 4 }],
  });
  await rm(folder, { recursive: true });
});
