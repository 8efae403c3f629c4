/** What tells two files apart without reading all of them: a hash of their size, their begin and pieces spread over the rest. */
import { sha256Hex } from '../../core/hash.ts';
import type { ByteSource } from '../../formats/byte-source.ts';

/** Headers of all but the largest models end before this. */
const BEGIN_BYTES = 1_000_000;
/** Two fine-tuned models of one base have the same header: their weights have to be looked at. */
const PIECES = 64;
const PIECE_BYTES = 4096;

/** 64 hex digits; the same for the same bytes on every machine. */
export async function printOf(source: ByteSource): Promise<string> {
  const { size } = source;
  const begin = Math.min(size, BEGIN_BYTES);
  const texts = [String(size), sha256Hex(await source.read(0, begin))];
  const rest = size - begin;
  for (let i = 0; i < PIECES && rest > 0; i++) {
    const at = begin + Math.floor((Math.max(0, rest - PIECE_BYTES) * i) / (PIECES - 1));
    texts.push(sha256Hex(await source.read(at, Math.min(size, at + PIECE_BYTES))));
  }
  return sha256Hex(texts.join('\n'));
}
