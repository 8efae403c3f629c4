/** The files of an adapter that was extracted: their bytes come piece by piece, however large they are. */
import { type AdapterEntry, adapterLayout, rankOf } from '../../formats/lora/adapter-layout.ts';
import type { Rest } from '../../formats/lora/extracted.ts';
import { wholeParts } from '../../formats/lora/whole-modules.ts';
import type { WeightDtype } from '../../formats/safetensors/dtype.ts';
import { fromFloat32 } from '../../formats/safetensors/values.ts';
import type { TensorPart } from './checkpoint.ts';
import { type ChangeFactors, type DecomposedChange, type Directions, directionsOf } from './extract-lora.ts';
import { countOf, readBytes } from './read-part.ts';

export interface AdapterOptions {
  readonly rank: number;
  /** Of the factors; what is kept in full keeps the type that the model stores. */
  readonly dtype: WeightDtype;
  readonly rest: Rest;
}

export interface AdapterOutput {
  /** adapter_config.json. */
  readonly config: string;
  /** Of adapter_model.safetensors. */
  readonly bytes: number;
  /** Its bytes, in order. */
  pieces(breathe?: () => Promise<void>): AsyncGenerator<Uint8Array>;
}

/** Values that are copied at once. */
const PART = 1 << 20;

/** The adapter of one rank, as PEFT reads it; its base is the one of the decomposition. */
export function adapterOutput(change: DecomposedChange, { rank, dtype, rest }: AdapterOptions): AdapterOutput {
  const { factors, model, base } = change;
  const whole = rest === 'in-full' ? { ...wholeOf(change), from: model.parts } : null;
  const baseName = base.outline.name;
  const names = [...base.parts.keys()];
  const { entries, header, bytes, config } = adapterLayout({ rank, dtype, baseName, held: factors, whole, names });
  return {
    config,
    bytes,
    async *pieces(breathe = async () => {}) {
      yield header;
      // Both factors of a tensor follow each other.
      let last: { readonly of: ChangeFactors; readonly directions: Directions } | undefined;
      for (const entry of entries) {
        await breathe();
        if (entry.source === 'whole') {
          const part = model.parts.get(entry.tensor);
          if (part) yield* wholeBytes(part, breathe);
          continue;
        }
        const of = factors.find(({ name }) => name === entry.tensor);
        if (!of) throw new Error(`${entry.tensor}: has no factors`);
        if (last?.of !== of) last = { of, directions: await directionsOf(change, of, breathe) };
        yield fromFloat32(factorValues(entry, last.directions, of.count, rankOf(of, rank)), dtype);
      }
    },
  };
}

/** What of the change has no factors, and how it could be kept. */
export const wholeOf = ({ left, base }: DecomposedChange) =>
  wholeParts({ left: left.map(({ name }) => name), names: [...base.parts.keys()] });

/** Of `down` the first rows, [rank, in]; of `up` too, turned: [out, rank]. */
function factorValues({ source }: AdapterEntry, { up, down }: Directions, count: number, rank: number): Float32Array {
  if (source === 'down') return down.subarray(0, (down.length / count) * rank);
  const out = up.length / count;
  return Float32Array.from({ length: out * rank }, (_, i) => up[(i % rank) * out + Math.floor(i / rank)] as number);
}

async function* wholeBytes(part: TensorPart, breathe: () => Promise<void>): AsyncGenerator<Uint8Array> {
  const count = countOf(part);
  for (let from = 0; from < count; from += PART) {
    yield await readBytes(part, from, Math.min(from + PART, count));
    await breathe();
  }
}
