import { execFile } from 'node:child_process';
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
