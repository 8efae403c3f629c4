/** Properties draw the same values on every run, so that the gate gives one verdict. `MERGE_STUDIO_SEED=any` looks elsewhere. */
import fc from 'fast-check';

if (process.env.MERGE_STUDIO_SEED !== 'any') fc.configureGlobal({ seed: Number(process.env.MERGE_STUDIO_SEED ?? 1) });
