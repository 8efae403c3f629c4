/** How long the table of a large model's headers takes. */
import { openCheckpoints } from '../../engine/files/open.ts';
import type { ByteSource } from '../../formats/byte-source.ts';
import { fitModels } from '../../formats/checkpoint/fit.ts';
import { byteLength, headerBytes, type WrittenEntry } from '../../formats/safetensors/write.ts';
import type { Row } from './report.ts';
import { time } from './spread.ts';

const TABLE_GOAL_MS = 300;

/** Opens the headers of a base and of a fine-tune, and lays one beside the other. */
export async function headerTable(): Promise<Row> {
  const sources = ['base', 'tuned'].flatMap(largeModel);
  const table = async () => {
    const { checkpoints, problems } = await openCheckpoints(sources);
    if (problems.length > 0) throw new Error(JSON.stringify(problems[0]));
    const outlines = checkpoints.map(({ outline }) => outline);
    const [base, tuned] = outlines.map(({ id }) => id);
    return fitModels(outlines, { base: base ?? null, experts: tuned === undefined ? [] : [tuned], choices: {} });
  };
  const spread = await time(table, { rounds: 7, warmUps: 0 });
  const { rows } = await table();
  return {
    what: `headers of two models in 2 × ${SHARDS} files, and their table of ${rows.length} tensors`,
    measured: spread,
    unit: 'ms',
    goal: TABLE_GOAL_MS,
    beside: `the first time ${spread.max.toFixed(0)} ms`,
  };
}

const SHARDS = 15;
const LAYERS = 80;

/** Headers of a Llama of 70 billion parameters; nothing stands behind them, and nobody asks for it. */
function largeModel(folder: string): ByteSource[] {
  const [hidden, wide, keys, vocabulary] = [8192, 28_672, 1024, 32_000];
  const tensor = (name: string, ...shape: number[]): WrittenEntry => ({ name: `${name}.weight`, dtype: 'F16', shape });
  const layer = (at: string) => [
    tensor(`${at}.input_layernorm`, hidden),
    ...['q', 'o'].map((name) => tensor(`${at}.self_attn.${name}_proj`, hidden, hidden)),
    ...['k', 'v'].map((name) => tensor(`${at}.self_attn.${name}_proj`, keys, hidden)),
    tensor(`${at}.post_attention_layernorm`, hidden),
    ...['gate', 'up'].map((name) => tensor(`${at}.mlp.${name}_proj`, wide, hidden)),
    tensor(`${at}.mlp.down_proj`, hidden, wide),
  ];
  const entries = [
    tensor('model.embed_tokens', vocabulary, hidden),
    ...Array.from({ length: LAYERS }, (_, index) => layer(`model.layers.${index}`)).flat(),
    tensor('model.norm', hidden),
    tensor('lm_head', vocabulary, hidden),
  ];
  const each = Math.ceil(entries.length / SHARDS);
  return Array.from({ length: SHARDS }, (_, shard) => {
    const own = entries.slice(shard * each, (shard + 1) * each);
    const header = headerBytes(own);
    const number = (value: number) => String(value).padStart(5, '0');
    return {
      path: `${folder}/model-${number(shard + 1)}-of-${number(SHARDS)}.safetensors`,
      size: header.length + own.reduce((sum, entry) => sum + byteLength(entry), 0),
      read: async (begin: number, end: number) => header.slice(begin, end),
    };
  });
}
