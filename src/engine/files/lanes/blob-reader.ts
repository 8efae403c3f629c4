/** Reads dropped files in a worker. */
import { StudioError } from '../../fault.ts';
import { free } from './free.ts';
import type { Reader } from './reader.ts';

/** What only workers have; the page's own types lack it. */
declare const FileReaderSync: new () => { readAsArrayBuffer(blob: Blob): ArrayBuffer };

/** Read at once: asking the browser takes long beside what it then gives. Two runs of a float16 model. */
const PIECE_BYTES = 2 ** 22;
/** Pieces that are remembered, because a run is looked at several times before it is merged. */
const MOST_PIECES = 6;

interface Piece {
  readonly file: number;
  /** Place of its first byte: where it was first asked for. */
  readonly from: number;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

export function blobReader(): Reader {
  const blobs = new Map<number, { readonly path: string; readonly blob: Blob }>();
  /** The one that was not wanted for the longest time first. */
  const remembered: Piece[] = [];
  const readBlob = new FileReaderSync();

  const pieceAt = (file: number, at: number): Piece => {
    const known = remembered.findIndex(
      (piece) => piece.file === file && piece.from <= at && at < piece.from + piece.bytes.length,
    );
    // Room is made before the next piece is read.
    const oldest = known < 0 && remembered.length === MOST_PIECES ? remembered.shift() : undefined;
    if (oldest) free(oldest.bytes.buffer);
    const [piece = readPiece(file, at)] = known < 0 ? [] : remembered.splice(known, 1);
    remembered.push(piece);
    return piece;
  };

  const readPiece = (file: number, from: number): Piece => {
    const { path = '', blob } = blobs.get(file) ?? {};
    if (!blob) throw new Error(`file ${file} is not open`);
    try {
      const bytes = new Uint8Array(readBlob.readAsArrayBuffer(blob.slice(from, from + PIECE_BYTES)));
      return { file, from, bytes };
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
        const { from, bytes } = pieceAt(file, at + filled);
        const begin = at + filled - from;
        const part = bytes.subarray(begin, begin + into.length - filled);
        if (part.length === 0) throw new StudioError('files', `${blobs.get(file)?.path}: ends at byte ${at + filled}`);
        into.set(part, filled);
        filled += part.length;
      }
    },
  };
}
