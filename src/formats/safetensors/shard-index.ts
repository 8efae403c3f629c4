/** `model.safetensors.index.json`: which shard holds which tensor. */
import * as v from 'valibot';
import { dictionary, issueInWords, parseJson } from '../json-checks.ts';
import { SafetensorsError } from './header.ts';

/** About 100 bytes per tensor; the largest published ones are 9 MB. */
export const MAX_INDEX_BYTES = 64_000_000;

export interface ShardIndex {
  /** Tensor → file name beside the index. */
  readonly weightMap: ReadonlyMap<string, string>;
  /** Bytes of all tensors; undefined where the index does not say. */
  readonly totalSize: number | undefined;
}

const schema = v.object({
  metadata: v.optional(v.object({ total_size: v.optional(v.number()) })),
  weight_map: dictionary,
});

/**
 * @param label the file's name, for messages
 * @throws SafetensorsError saying what is wrong
 */
export function parseShardIndex(text: string, label: string): ShardIndex {
  const parsed = parseJson(text);
  if ('refusal' in parsed) throw new SafetensorsError(`${label}: ${parsed.refusal}`);
  const checked = v.safeParse(schema, parsed.json);
  if (!checked.success) throw new SafetensorsError(`${label}: ${issueInWords(checked.issues)}`);
  const weightMap = new Map<string, string>();
  for (const [tensor, file] of Object.entries(checked.output.weight_map)) {
    if (typeof file !== 'string' || !isPlainName(file))
      throw new SafetensorsError(
        `${label}: weight_map: ${tensor}: got ${JSON.stringify(file)}, wanted the name of a file beside it`,
      );
    weightMap.set(tensor, file);
  }
  if (weightMap.size === 0) throw new SafetensorsError(`${label}: weight_map: names no tensor`);
  return { weightMap, totalSize: checked.output.metadata?.total_size };
}

const isPlainName = (file: string): boolean => file !== '' && !/[/\\]/.test(file) && file !== '..';
