/** Where kernels find what they work on: what assembly/weights.ts and assembly/elections.ts have in common. */
import type { WeightDtype } from '../../../formats/safetensors/dtype.ts';

/** As in assembly/weights.ts. */
export const KIND: Readonly<Record<WeightDtype, number>> = { F32: 0, F16: 1, BF16: 2 };
/** Weights that are computed at once. */
const LANES = 8;
/** Weights that are copied to the kernels at once: the rows of a few models stay in the nearest large cache. */
export const CHUNK = 2 ** 16;
/** Of every address. */
export const ALIGNMENT = 16;

export const aligned = (address: number) => Math.ceil(address / ALIGNMENT) * ALIGNMENT;
/** Weights that are computed for so many. */
export const padded = (count: number) => Math.ceil(count / LANES) * LANES;
