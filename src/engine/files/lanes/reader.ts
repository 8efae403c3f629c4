/** How a thread reads files that another one opened. */

/** Waits for every byte: the thread has nothing else to do. */
export interface Reader {
  /** @param handle what that kind of thread reads by */
  open(file: number, path: string, handle: unknown): void;
  /** Fills `into` with the file's bytes from a place on. @throws StudioError when the file has fewer */
  read(file: number, at: number, into: Uint8Array): void;
}
