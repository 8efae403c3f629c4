/** What tells two files apart without reading all of them: a hash of their size, their begin and pieces spread over the rest. */
import { sha256Hex } from '../../core/hash.ts';
import type { ByteSource } from '../../formats/byte-source.ts';

/** Headers of all but the largest models end before this. */
const BEGIN_BYTES = 1_000_000;
/** Two fine-tuned models of one base have the same header: their weights have to be looked at. */
const PIECES = 64;
const PIECE_BYTES = 4096;

/** What is open does not change: a dropped file that did cannot be read any more. */
const known = new WeakMap<ByteSource, Promise<string>>();

/** 64 hex digits; the same for the same bytes on every machine. */
export function printOf(source: ByteSource): Promise<string> {
  const print = known.get(source) ?? readPrint(source);
  known.set(source, print);
  // A file that could not be read may be read the next time.
  print.catch(() => known.delete(source));
  return print;
}

async function readPrint(source: ByteSource): Promise<string> {
  const { size } = source;
  const begin = Math.min(size, BEGIN_BYTES);
  const rest = size - begin;
  const pieces = Array.from({ length: rest > 0 ? PIECES : 0 }, (_, i) => {
    const at = begin + Math.floor((Math.max(0, rest - PIECE_BYTES) * i) / (PIECES - 1));
    return [at, Math.min(size, at + PIECE_BYTES)] as const;
  });
  // Asked for at once: a browser reads files in another process, and dozens of shards have thousands of pieces.
  const hashes = await Promise.all(
    [[0, begin] as const, ...pieces].map(async ([from, to]) => hashOf(await source.read(from, to))),
  );
  return sha256Hex([String(size), ...hashes].join('\n'));
}

/** By the browser's own code where the page may use it, which is many times as fast; pages that came over plain HTTP may not. */
async function hashOf(bytes: Uint8Array): Promise<string> {
  const { subtle }: Partial<Pick<typeof crypto, 'subtle'>> = crypto;
  if (!subtle) return sha256Hex(bytes);
  const digest = new Uint8Array(await subtle.digest('SHA-256', bytes.slice()));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
