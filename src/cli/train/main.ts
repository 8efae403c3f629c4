/**
 * npm run train -- glyph-vit [--from render|pretrain|heads|fine-tune|measure]
 *
 * Trains the family and writes public/zoo/<family>. Stages leave their results in .cache/zoo, so that a later one can be
 * run again by itself; a stage gives the same bytes either way.
 */
import '@tensorflow/tfjs-core/dist/register_all_gradients';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openBackend } from '../../engine/backend.ts';
import { fineTune, fineTuneAll } from './finetune.ts';
import { makeHeads } from './heads.ts';
import { measure } from './measure.ts';
import { pretrain } from './pretrain.ts';
import { FAMILY, SEED } from './recipe.ts';
import { openFoundry, render } from './render.ts';

const STAGES: readonly string[] = ['render', 'pretrain', 'heads', 'fine-tune', 'measure'];

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { from: { type: 'string', default: 'render' }, expert: { type: 'string' } },
  });
  const [family] = positionals;
  if (family !== FAMILY) throw new Error(`family: got ${family ?? 'nothing'}, wanted ${FAMILY}`);
  const first = STAGES.indexOf(values.from);
  if (first < 0) throw new Error(`--from: got ${values.from}, wanted one of ${STAGES.join(', ')}`);
  await openBackend({
    wasmPaths: join(process.cwd(), 'node_modules/@tensorflow/tfjs-backend-wasm/dist/'),
    among: ['wasm'],
  });
  if (values.expert !== undefined) return fineTune(values.expert);

  const foundry = openFoundry();
  const runs = [() => render(family, foundry, SEED), pretrain, makeHeads, fineTuneAll, () => measure(foundry)];
  for (const [index, run] of runs.entries()) {
    if (index < first) continue;
    console.log(`stage: ${STAGES[index]}`);
    await run();
  }
}

try {
  await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
