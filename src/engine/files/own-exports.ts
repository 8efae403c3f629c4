/** The page's mix of own models as a mergekit configuration. */
import catalogue from 'virtual:catalogue';
import mergekit from 'virtual:mergekit';
import { mergekitConfig } from '../../formats/mergekit/config.ts';
import { isWeightDtype, type WeightDtype } from '../../formats/safetensors/dtype.ts';
import type { Checkpoint } from './checkpoint.ts';
import type { Asked } from './own-mix.ts';

export interface ExportedText {
  /** Null where it cannot be made; the notes say why. */
  readonly text: string | null;
  /** What it cannot say, sentences. */
  readonly notes: readonly string[];
}

const DTYPES = { F32: 'float32', F16: 'float16', BF16: 'bfloat16' } as const;

/** @param names of the models by id: what stands for their paths */
export function mergekitOf(
  asked: Asked,
  names: Readonly<Record<string, string>>,
  open: ReadonlyMap<string, Checkpoint>,
): ExportedText {
  if (asked.configuration !== null) return { text: asked.configuration, notes: [] };
  const { base, experts, chain, seed, dtype } = asked;
  const path = (id: string) => `./${names[id] ?? id}`;
  const made = mergekitConfig(
    { family: 'files', experts, chain, seed },
    { catalogue, mergekit },
    {
      models: Object.fromEntries(experts.map((id) => [id, path(id)])),
      ...(base !== null && { base: path(base) }),
      dtype: DTYPES[dtype === 'as-base' ? mostlyOf(open.get(base ?? experts[0] ?? '')) : dtype],
    },
  );
  return made.kind === 'refused' ? { text: null, notes: [made.reason] } : { text: made.text, notes: made.inexact };
}

/** mergekit writes all tensors in one type: the one that most weights of the model have. */
function mostlyOf(model: Checkpoint | undefined): WeightDtype {
  const counts = { F32: 0, F16: 0, BF16: 0 };
  for (const { dtype, shape } of model?.outline.tensors ?? [])
    if (isWeightDtype(dtype)) counts[dtype] += shape.reduce((product, side) => product * side, 1);
  const { F32, F16, BF16 } = counts;
  return F32 >= F16 && F32 >= BF16 ? 'F32' : F16 >= BF16 ? 'F16' : 'BF16';
}
