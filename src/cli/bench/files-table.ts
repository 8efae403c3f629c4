/** How long the table of a large model's headers takes. */
import { openCheckpoints } from '../../engine/files/open.ts';
import type { ByteSource } from '../../formats/byte-source.ts';
import { fitModels } from '../../formats/checkpoint/fit.ts';
import { byteLength, headerBytes, type WrittenEntry } from '../../formats/safetensors/write.ts';
import type { Row } from './report.ts';
import { time } from './spread.ts';

export const TABLE_GOAL_MS = 300;

/** Opens the headers of a base and of a fine-tune, and lays one beside the other. */
export async function headerTable(): Promise<Row> {
  const sources = ['base', 'tuned'].flatMap((folder) => largeModel(folder).map(asSource));
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

/** A file whose header is all that there is of it. */
export interface Shard {
  readonly path: string;
  readonly size: number;
  readonly header: Uint8Array;
}

/** Nothing stands behind the header, and nobody asks for it. */
const asSource = ({ path, size, header }: Shard): ByteSource => ({
  path,
  size,
  read: async (begin, end) => header.slice(begin, end),
});

export const SHARDS = 15;
const LAYERS = 80;

/** Headers of a Llama of 70 billion parameters. */
export function largeModel(folder: string): readonly Shard[] {
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
      header,
    };
  });
}
