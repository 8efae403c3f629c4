/** Where experts agree about the direction of a change, and what trimming would leave of their changes. */
import { sortedMagnitudes } from '../../core/stats/order.ts';
import { type Cut, tensorCut } from '../../methods/parts/trim.ts';
import { createPixelMap, type PixelMap } from './pixel-map.ts';
import { type InspectedTensor, type InspectSource, matrixOf, minus, partsOf, sizeOfTensor } from './source.ts';

/** Up to this size a tensor's magnitudes are sorted to cut it exactly: 64 MB of them. */
const MOST_SORTED = 1 << 24;

export interface SignMap {
  /** Share of the experts with a change ≠ 0 that have the sign of most of them; 1 where none has changed. Mean by pixel. */
  readonly agreement: PixelMap;
  /** Share of the entries that two experts pull in opposite directions. */
  readonly conflicts: number;
  /** Mean agreement over the entries that at least one expert has changed; NaN where there is none. */
  readonly mean: number;
  /** In the order of the source's experts. */
  readonly experts: readonly string[];
}

const expertsOf = (source: InspectSource, { name }: InspectedTensor): readonly string[] =>
  source.models.filter(({ id, role }) => role === 'expert' && source.has(id, name)).map(({ id }) => id);

const baseOf = (source: InspectSource, { name }: InspectedTensor): string | undefined =>
  source.models.find(({ id, role }) => role === 'base' && source.has(id, name))?.id;

/** The changes of the experts, part by part; nothing without a base. */
async function* changesOf(source: InspectSource, tensor: InspectedTensor, experts: readonly string[]) {
  const base = baseOf(source, tensor);
  if (base === undefined) return;
  for await (const { from, values } of partsOf(source, tensor, [base, ...experts])) {
    const [start, ...others] = values;
    if (start) yield { from, length: start.length, changes: others.map((own) => minus(own, start)) };
  }
}

/** Null without a base or with fewer than two experts. */
export async function signMap(source: InspectSource, tensor: InspectedTensor): Promise<SignMap | null> {
  const experts = expertsOf(source, tensor);
  if (experts.length < 2 || baseOf(source, tensor) === undefined) return null;
  const map = createPixelMap(...matrixOf(tensor));
  let [conflicts, changed, agreed] = [0, 0, 0];
  for await (const { from, length, changes } of changesOf(source, tensor, experts)) {
    for (let i = 0; i < length; i++) {
      let [up, down] = [0, 0];
      for (const own of changes) {
        const value = own[i] as number;
        if (value > 0) up++;
        else if (value < 0) down++;
      }
      const votes = up + down;
      const agreement = votes === 0 ? 1 : Math.max(up, down) / votes;
      if (votes > 0) {
        changed++;
        agreed += agreement;
      }
      if (up > 0 && down > 0) conflicts++;
      map.add(from + i, agreement);
    }
  }
  return { agreement: map.result(), conflicts: conflicts / sizeOfTensor(tensor), mean: agreed / changed, experts };
}

export interface KeptMap {
  /** Mean over a pixel's entries of the share of experts that keep them. */
  readonly kept: PixelMap;
  /** Share of the entries that nobody, exactly one, two, … experts keep. */
  readonly byCount: readonly number[];
  readonly experts: readonly string[];
  /** By expert: what the magnitudes that stay are not below. */
  readonly thresholds: readonly number[];
}

/** The ⌊n·density⌋ largest changes of each expert in this tensor, at least one; ties keep the lower index. Null without a base. */
export async function keptMap(
  source: InspectSource,
  tensor: InspectedTensor,
  density: number,
): Promise<KeptMap | { readonly refused: string } | null> {
  const experts = expertsOf(source, tensor);
  const size = sizeOfTensor(tensor);
  if (experts.length === 0 || baseOf(source, tensor) === undefined || size === 0) return null;
  if (size > MOST_SORTED)
    return {
      refused: `${tensor.name} has ${size} entries per model; cuts are shown up to ${MOST_SORTED}, which can be sorted in memory.`,
    };
  const cuts: Cut[] = [];
  for (const expert of experts) {
    const magnitudes = new Float32Array(size);
    for await (const { from, changes } of changesOf(source, tensor, [expert])) {
      if (changes[0]) magnitudes.set(changes[0], from);
    }
    cuts.push(tensorCut(sortedMagnitudes(magnitudes), density));
  }
  const left = cuts.map(({ ties }) => ties);
  const map = createPixelMap(...matrixOf(tensor));
  const byCount = new Float64Array(experts.length + 1);
  for await (const { from, length, changes } of changesOf(source, tensor, experts)) {
    for (let i = 0; i < length; i++) {
      let keepers = 0;
      for (const [expert, own] of changes.entries()) {
        const magnitude = Math.abs(own[i] as number);
        const { threshold } = cuts[expert] as Cut;
        if (magnitude > threshold) keepers++;
        else if (magnitude === threshold && (left[expert] as number) > 0) {
          left[expert] = (left[expert] as number) - 1;
          keepers++;
        }
      }
      byCount[keepers] = (byCount[keepers] as number) + 1 / size;
      map.add(from + i, keepers / experts.length);
    }
  }
  return { kept: map.result(), byCount: [...byCount], experts, thresholds: cuts.map(({ threshold }) => threshold) };
}
