/**
 * Groups of depth: a network's layers from input to output, cut into contiguous parts whose coefficients differ. Embeddings belong
 * to the first group, the final norm to the last, and the blocks are divided as evenly as whole blocks can be; what does not divide
 * evenly goes to the later groups, since the first has the embeddings already.
 */
import type { Card } from './card.ts';

/** More would ask for more merges than anybody measures: p grows with the square of experts × groups. */
export const MAX_GROUPS = 4;

/** Most groups of which none is empty: each block may be one, and the embeddings another. */
export const mostGroups = (blocks: number): number => Math.min(MAX_GROUPS, blocks + 1);

/** Why so many groups cannot be made of a family's network, in words. */
export function refuseGroups(groups: number, { name, model }: Pick<Card, 'name' | 'model'>): string | undefined {
  const most = mostGroups(model.blocks);
  if (groups <= most) return undefined;
  return `${groups} groups of layers are too many for ${name}, which has ${model.blocks} blocks: choose at most ${most}.`;
}

/** @param block counted from 0 at the input; the final norm belongs with the last block */
export function groupOfBlock(block: number, blocks: number, groups: number): number {
  return groups - 1 - Math.floor(((blocks - 1 - block) * groups) / blocks);
}

/** What a group holds, in short: `blocks 2–3`, or `embeddings` where it has no block. Blocks are counted from 1. */
export function groupName(group: number, groups: number, blocks: number): string {
  const own = Array.from({ length: blocks }, (_, block) => block).filter(
    (block) => groupOfBlock(block, blocks, groups) === group,
  );
  const [first] = own;
  const last = own.at(-1);
  if (first === undefined || last === undefined) return group === 0 ? 'embeddings' : 'no layer';
  return first === last ? `block ${first + 1}` : `blocks ${first + 1}–${last + 1}`;
}

/** Digits of a mean of coefficients: finer than any slider. */
const MEAN_DIGITS = 4;

/** One value per group of equal depth as values of another number of groups: the mean of what each overlaps. */
export function resampled(values: readonly number[], groups: number): number[] {
  const all = values.length;
  return Array.from({ length: groups }, (_, group) => {
    // Depth is counted in parts of 1 / (all · groups), of which every value has `groups` and every new group `all`.
    const parts = values.map((value, i) => {
      const from = Math.max(i * groups, group * all);
      const to = Math.min((i + 1) * groups, (group + 1) * all);
      return { value, share: Math.max(0, to - from) };
    });
    const own = parts.filter(({ share }) => share > 0);
    const [first] = own;
    if (first && own.every(({ value }) => value === first.value)) return first.value;
    return Number((own.reduce((sum, { value, share }) => sum + value * share, 0) / all).toFixed(MEAN_DIGITS));
  });
}
