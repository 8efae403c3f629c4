/** Parts a pool of random merges into runs of one budget, one after the other: no merge counts twice. */

/** @throws Error when the pool is too small */
export function equalBudgets<Item>(pool: readonly Item[], budget: number, runs: number): Item[][] {
  if (pool.length < budget * runs)
    throw new Error(`${pool.length} merges cannot hold ${runs} runs of ${budget}; wanted at least ${budget * runs}`);
  return Array.from({ length: runs }, (_, run) => pool.slice(run * budget, (run + 1) * budget));
}
