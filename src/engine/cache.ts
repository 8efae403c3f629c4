/** Keeps results that hold tensors, the most recently used ones, and disposes of the tensors of those that it drops. */
import { bytesIn, tensorsIn } from './scope.ts';

export interface TensorCache {
  get<T>(key: string): T | undefined;
  /** Takes over the tensors inside the value. */
  set(key: string, value: unknown): void;
  /** Of the tensors and typed arrays that are kept. */
  bytes(): number;
  clear(): void;
}

/** @param limits number of results, and bytes of their tensors and typed arrays; the youngest result stays whatever its size */
export function createCache(limits: { readonly entries?: number; readonly bytes?: number }): TensorCache {
  const { entries: most = Number.POSITIVE_INFINITY, bytes: room = Number.POSITIVE_INFINITY } = limits;
  const entries = new Map<string, unknown>();
  const sizes = new Map<string, number>();
  let bytes = 0;
  const drop = (key: string) => {
    for (const tensor of tensorsIn(entries.get(key))) tensor.dispose();
    entries.delete(key);
    bytes -= sizes.get(key) ?? 0;
    sizes.delete(key);
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
      const size = bytesIn(value);
      sizes.set(key, size);
      bytes += size;
      for (const old of entries.keys()) {
        if (old === key || (entries.size <= most && bytes <= room)) break;
        drop(old);
      }
    },
    bytes: () => bytes,
    clear: () => {
      for (const key of [...entries.keys()]) drop(key);
    },
  };
}
