/** How much of a virtual machine's processors its host gave to others: a bench that was robbed should say so. */
import { readFileSync } from 'node:fs';

export interface ProcessorTime {
  /** Ticks of all processors, and those that the host took. */
  readonly all: number;
  readonly stolen: number;
}

/** Place of "steal" among the numbers of the first line of /proc/stat. */
const STEAL = 7;

/** From the text of /proc/stat; undefined where it does not say. */
export function readProcessorTime(text: string): ProcessorTime | undefined {
  const [, line] = /^cpu +(.+)$/m.exec(text) ?? [];
  const ticks = line?.trim().split(/ +/).map(Number) ?? [];
  const stolen = ticks[STEAL];
  if (stolen === undefined || !ticks.every(Number.isFinite)) return undefined;
  return { all: ticks.slice(0, STEAL + 1).reduce((sum, value) => sum + value, 0), stolen };
}

/** Undefined on systems that do not tell. */
export function processorTime(): ProcessorTime | undefined {
  try {
    return readProcessorTime(readFileSync('/proc/stat', 'utf8'));
  } catch {
    return undefined;
  }
}

export function stolenShare(before: ProcessorTime | undefined, after: ProcessorTime | undefined): number | undefined {
  if (!before || !after || after.all <= before.all) return undefined;
  return (after.stolen - before.stolen) / (after.all - before.all);
}
