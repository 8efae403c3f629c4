/** Memory that was read into and is read into again: fresh memory costs more than what is read into it. */
import type { Row } from './kernels.ts';

/** All rooms are of one size, that of a whole run of 16-bit weights. */
const ROOM_BYTES = 2 ** 20;
/** Kept for later: what is under way at once, and not all rows of a tensor that was kept. */
const MOST_ROOMS = 48;

export interface Rooms {
  /** @returns undefined where none is left or fits: a fresh array has to do */
  take(bytes: number): Uint8Array<ArrayBuffer> | undefined;
  /** Nobody reads these rows any more. */
  free(rows: readonly Row[]): void;
}

export function createRooms(): Rooms {
  const free: ArrayBuffer[] = [];
  return {
    take(bytes) {
      const room = bytes > ROOM_BYTES ? undefined : free.pop();
      return room && new Uint8Array(room, 0, bytes);
    },
    free(rows) {
      for (const buffer of new Set(rows.map(({ bytes }) => bytes.buffer)))
        if (buffer.byteLength === ROOM_BYTES && free.length < MOST_ROOMS) free.push(buffer);
    },
  };
}
