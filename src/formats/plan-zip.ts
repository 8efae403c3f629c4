/** A merge plan as one archive, for a page that cannot write folders. */
import { strToU8, type Zippable, zipSync } from 'fflate';
import type { PlanFile } from './merge-plan.ts';

/** Dates in an archive cannot be left out; the first that one can hold makes the same plan the same bytes. */
const NO_DATE = '1980-01-01T00:00:00';
/** The archive's attributes are those of Unix: its programs stay programs. */
const UNIX = 3;
const PROGRAM = 0o100755;
const TEXT = 0o100644;

/** @param folder in which the files lie once they are unpacked */
export function zipPlan(files: readonly PlanFile[], folder: string): Uint8Array<ArrayBuffer> {
  const entries = files.map(({ path, text, executable }): [string, Zippable[string]] => {
    const attrs = (executable ? PROGRAM : TEXT) << 16;
    return [`${folder}/${path}`, [strToU8(text), { mtime: NO_DATE, os: UNIX, attrs }]];
  });
  return zipSync(Object.fromEntries(entries));
}
