/** A file of which parts are read when they are needed: a dropped one in the page, one on disk on the command line. */
export interface ByteSource {
  /** Path below what was dropped, "/" between folders; for messages and to find its neighbours. */
  readonly path: string;
  readonly size: number;
  /**
   * Bytes [begin, end); a fresh array. Rejects when the file has changed or is gone.
   * @param room large enough to hold them; a source that can reads into it instead
   */
  read(begin: number, end: number, room?: Uint8Array): Promise<Uint8Array>;
  /** What other threads read it by, where they can: a Blob in the page, a descriptor in Node. */
  shared?(): Promise<unknown>;
}
