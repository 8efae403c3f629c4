/** Where a merged file is written: memory in tests, a file on disk, the page's private storage or a file that the user chose. */

/** One file. Nothing else writes it while it is open. */
export interface Sink {
  /**
   * Makes room. What was written before, by work that was interrupted, may still be there and be read.
   * @throws StudioError when there is no room for it
   */
  open(totalBytes: number): Promise<void>;
  /** @param at first byte, counted from the beginning of the file; the bytes are the caller's again when this resolves */
  write(at: number, bytes: Uint8Array): Promise<void>;
  /** What was written before survives a crash from here on. */
  flush(): Promise<void>;
  /** Bytes [begin, end) of what was written, also by an earlier session; they stay until the next are read. */
  read(begin: number, end: number): Promise<Uint8Array>;
  /** All is written: the file takes its name, or is handed over. */
  finish(): Promise<void>;
  /** Closes the file without finishing it; work may go on in it later. */
  close(): Promise<void>;
  /** Removes what was written. */
  discard(): Promise<void>;
}

/** Which file of the output is wanted: one, or a shard of several and their index. */
export type SinkOf = (name: string) => Sink;
