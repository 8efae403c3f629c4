/** Keeps results that hold tensors, the most recently used ones, and disposes of the tensors of those that it drops. */
import { tensorsIn } from './scope.ts';

export interface TensorCache {
  get<T>(key: string): T | undefined;
  /** Takes over the tensors inside the value. */
  set(key: string, value: unknown): void;
  clear(): void;
}

export function createCache(limit: number): TensorCache {
  const entries = new Map<string, unknown>();
  const drop = (key: string) => {
    for (const tensor of tensorsIn(entries.get(key))) tensor.dispose();
    entries.delete(key);
  };
  return {
    get<T>(key: string) {
      const value = entries.get(key);
      if (value === undefined) return undefined;
      // A map keeps insertion order: putting it back makes it the youngest.
      entries.delete(key);
      entries.set(key, value);
      return value as T;
    },
    set(key, value) {
      if (entries.has(key)) drop(key);
      entries.set(key, value);
      for (const old of entries.keys()) {
        if (entries.size <= limit) break;
        drop(old);
      }
    },
    clear: () => {
      for (const key of [...entries.keys()]) drop(key);
    },
  };
}
