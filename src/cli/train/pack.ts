/** The family's files: weights, heads and evaluation sets, with what the card says of them. */
import { sha256Hex } from '../../core/hash.ts';
import type { CardFile, CardModel, CardTask } from '../../formats/card.ts';
import { writeSafetensors } from '../../formats/safetensors/file.ts';
import { describeNonFinite, fromFloat32 } from '../../formats/safetensors/values.ts';
import { encodeSamples } from '../../formats/samples.ts';
import { PIXELS } from './glyphs.ts';
import type { Values } from './network.ts';
import { FAMILY } from './recipe.ts';
import type { Samples } from './samples.ts';
import type { Task } from './tasks.ts';

export type Dtype = CardModel['dtype'];
/** By path relative to the card. */
export type Files = Map<string, Uint8Array>;

/** Where the nested subsets end: each further one is a file of its own. */
export const TEST_CUTS = [64, 256, 512] as const;
const CALIBRATION_CUTS = [64, 256] as const;

function put(files: Files, file: string, bytes: Uint8Array): CardFile {
  files.set(file, bytes);
  return { file, bytes: bytes.length, sha256: sha256Hex(bytes) };
}

/** @throws when a weight is NaN or infinite: nothing is written then */
export function packValues(files: Files, name: string, values: Values, dtype: Dtype): CardFile & { dtype: Dtype } {
  for (const [key, { data }] of values) {
    const fault = describeNonFinite(`${name}: ${key}`, data);
    if (fault) throw new Error(fault);
  }
  const tensors = new Map(
    [...values].map(([key, { shape, data }]) => [key, { dtype, shape, bytes: fromFloat32(data, dtype) }]),
  );
  return { ...put(files, `${name}.safetensors`, writeSafetensors(tensors, { format: 'pt', family: FAMILY })), dtype };
}

/** Test labels lie beside their images; calibration labels in a file of their own, so that unlabelled use cannot see them. */
export function packTask(files: Files, task: Task, test: Samples, calibration: Samples): CardTask {
  const { id, name, summary, classes } = task;
  return {
    id,
    name,
    summary,
    classes: [...classes],
    test: packSegments(files, `${id}.test`, test, TEST_CUTS, true),
    calibration: {
      inputs: packSegments(files, `${id}.calibration`, calibration, CALIBRATION_CUTS, false),
      labels: put(
        files,
        `${id}.calibration-labels.bin`,
        encodeSamples(undefined, Uint8Array.from(calibration.labels), PIXELS),
      ),
    },
  };
}

function packSegments(
  files: Files,
  name: string,
  { levels, labels }: Samples,
  cuts: readonly number[],
  labelled: boolean,
) {
  return cuts.map((to, index) => {
    const from = cuts[index - 1] ?? 0;
    const part = levels.subarray(from * PIXELS, to * PIXELS);
    const bytes = encodeSamples(part, labelled ? Uint8Array.from(labels.subarray(from, to)) : undefined, PIXELS);
    return { ...put(files, `${name}.${from}-${to}.bin`, bytes), from, to };
  });
}
