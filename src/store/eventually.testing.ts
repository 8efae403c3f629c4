import { vi } from 'vitest';

/** Ends as soon as the check holds; the patience is for a machine that is busy with something else. */
export const eventually = <T>(check: () => T): Promise<T> => vi.waitFor(check, { timeout: 30_000 });
