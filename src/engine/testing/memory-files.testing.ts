/** Files in memory: sources to open models from, a sink to write to, and a journal. */
import type { ByteSource } from '../../formats/byte-source.ts';
import type { Journal, JournalEntry } from '../files/journal.ts';
import type { Sink } from '../files/sink.ts';

export const memorySource = (path: string, bytes: Uint8Array): ByteSource => ({
  path,
  size: bytes.length,
  read: async (begin, end) => bytes.slice(begin, end),
});

export interface MemorySink extends Sink {
  /** What was written so far. */
  readonly bytes: () => Uint8Array;
  readonly state: () => 'new' | 'open' | 'closed' | 'finished';
}

export function memorySink(): MemorySink {
  let bytes = new Uint8Array();
  let state: ReturnType<MemorySink['state']> = 'new';
  return {
    async open(total) {
      if (bytes.length !== total) bytes = new Uint8Array(total);
      state = 'open';
    },
    async write(at, part) {
      if (state !== 'open' || at + part.length > bytes.length) throw new Error(`written at ${at} while ${state}`);
      bytes.set(part, at);
    },
    flush: async () => {},
    read: async (begin, end) => bytes.slice(begin, end),
    async finish() {
      state = 'finished';
    },
    async close() {
      state = 'closed';
    },
    async discard() {
      bytes = new Uint8Array();
    },
    bytes: () => bytes,
    state: () => state,
  };
}

export interface MemoryJournal extends Journal {
  readonly entry: () => JournalEntry | undefined;
}

export function memoryJournal(): MemoryJournal {
  let entry: JournalEntry | undefined;
  return {
    load: async () => structuredClone(entry),
    async save(next) {
      entry = structuredClone(next);
    },
    async clear() {
      entry = undefined;
    },
    entry: () => entry,
  };
}
