/** The page's mix of own models as a mergekit configuration. */
import catalogue from 'virtual:catalogue';
import mergekit from 'virtual:mergekit';
import { mergekitConfig } from '../../formats/mergekit/config.ts';
import type { Asked } from './own-mix.ts';

export interface ExportedText {
  /** Null where it cannot be made; the notes say why. */
  readonly text: string | null;
  /** What it cannot say, sentences. */
  readonly notes: readonly string[];
}

const DTYPES = { F32: 'float32', F16: 'float16', BF16: 'bfloat16' } as const;

/** @param names of the models by id: what stands for their paths */
export function mergekitOf(asked: Asked, names: Readonly<Record<string, string>>): ExportedText {
  if (asked.configuration !== null) return { text: asked.configuration, notes: [] };
  const { base, experts, chain, seed, dtype } = asked;
  const path = (id: string) => `./${names[id] ?? id}`;
  const made = mergekitConfig(
    { family: 'files', experts, chain, seed },
    { catalogue, mergekit },
    {
      models: Object.fromEntries(experts.map((id) => [id, path(id)])),
      ...(base !== null && { base: path(base) }),
      ...(dtype !== 'as-base' && { dtype: DTYPES[dtype] }),
    },
  );
  return made.kind === 'refused' ? { text: null, notes: [made.reason] } : { text: made.text, notes: made.inexact };
}
