/** Reads dropped files in a worker. */
import { StudioError } from '../../fault.ts';
import { free } from './free.ts';
import type { Reader } from './reader.ts';

/** What only workers have; the page's own types lack it. */
declare const FileReaderSync: new () => { readAsArrayBuffer(blob: Blob): ArrayBuffer };

/** Read at once: asking the browser takes long beside what it then gives. */
const PIECE_BYTES = 2 ** 20;
/** Pieces that are remembered, because a run is looked at several times before it is merged. */
const MOST_PIECES = 16;

export function blobReader(): Reader {
  const blobs = new Map<number, { readonly path: string; readonly blob: Blob }>();
  const remembered = new Map<string, Uint8Array<ArrayBuffer>>();
  const readBlob = new FileReaderSync();

  const pieceOf = (file: number, index: number): Uint8Array<ArrayBuffer> => {
    const key = `${file} ${index}`;
    const known = remembered.get(key);
    // Put last, so that the first is the one that was not wanted for the longest time.
    remembered.delete(key);
    const piece = known ?? readPiece(file, index * PIECE_BYTES);
    remembered.set(key, piece);
    const [oldest] = remembered;
    if (remembered.size > MOST_PIECES && oldest) {
      remembered.delete(oldest[0]);
      free(oldest[1].buffer);
    }
    return piece;
  };

  const readPiece = (file: number, from: number): Uint8Array<ArrayBuffer> => {
    const { path = '', blob } = blobs.get(file) ?? {};
    if (!blob) throw new Error(`file ${file} is not open`);
    try {
      return new Uint8Array(readBlob.readAsArrayBuffer(blob.slice(from, from + PIECE_BYTES)));
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new StudioError(
        'files',
        `${path}: cannot be read from byte ${from} on (${reason}).`,
        'It may have changed since it was dropped: drop it again.',
      );
    }
  };

  return {
    open(file, path, handle) {
      if (!(handle instanceof Blob)) throw new Error(`${path}: cannot be read here`);
      blobs.set(file, { path, blob: handle });
    },
    read(file, at, into) {
      for (let filled = 0; filled < into.length; ) {
        const index = Math.floor((at + filled) / PIECE_BYTES);
        const piece = pieceOf(file, index);
        const begin = at + filled - index * PIECE_BYTES;
        const part = piece.subarray(begin, begin + into.length - filled);
        if (part.length === 0) throw new StudioError('files', `${blobs.get(file)?.path}: ends at byte ${at + filled}`);
        into.set(part, filled);
        filled += part.length;
      }
    },
  };
}
