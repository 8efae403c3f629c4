/** Files of a model, and whether two models are made of the same ones, whatever they are called. */
import type { ByteSource } from '../../formats/byte-source.ts';
import type { Checkpoint } from './checkpoint.ts';
import { printOf } from './print.ts';

const GLANCE_BYTES = 4096;

/** In the order of its tensors. */
export const filesOf = (checkpoint: Checkpoint): readonly ByteSource[] => [...beginsOf(checkpoint).keys()];

export const printsOf = (checkpoint: Checkpoint): Promise<string[]> => Promise.all(filesOf(checkpoint).map(printOf));

/** By file: where its tensors begin. */
function beginsOf({ parts }: Checkpoint): ReadonlyMap<ByteSource, number> {
  const begins = new Map<ByteSource, number>();
  for (const part of parts.values())
    if (part.kind === 'stored')
      begins.set(part.source, Math.min(part.begin, begins.get(part.source) ?? Number.POSITIVE_INFINITY));
  return begins;
}

/** Fine-tunes of one base have files of the same sizes, and differ nearly everywhere: only where they do not are they compared by their prints. */
export async function areSame(a: Checkpoint, b: Checkpoint): Promise<boolean> {
  const [own, others] = [[...beginsOf(a)], [...beginsOf(b)]];
  const pairs = own.flatMap(([file, begin], i) => {
    const [other] = others[i] ?? [];
    return other?.size === file.size ? [{ file, other, begin }] : [];
  });
  if (own.length !== others.length || pairs.length < own.length) return false;
  for (const { file, other, begin } of pairs) {
    // Layers that were not trained further are the same: begin and middle are seldom both.
    const looks = [begin, begin + Math.floor((file.size - begin) / 2)].map((at) => looksAlike(file, other, at));
    if ((await Promise.all(looks)).includes(false)) return false;
  }
  const [prints, otherPrints] = await Promise.all([printsOf(a), printsOf(b)]);
  return prints.join() === otherPrints.join();
}

async function looksAlike(file: ByteSource, other: ByteSource, at: number): Promise<boolean> {
  const end = Math.min(file.size, at + GLANCE_BYTES);
  const [bytes, others] = await Promise.all([file.read(at, end), other.read(at, end)]);
  return bytes.every((byte, i) => byte === others[i]);
}
