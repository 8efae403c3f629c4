/** How far a merge of files is, so that it can go on after a crash, a reload or a pause with the same bytes. */

export interface JournalEntry {
  /** Of the job and of the files that it reads, see `jobKey`: other work begins anew. */
  readonly key: string;
  /** Tensors of the job, in its order, that are written and flushed. */
  readonly tensors: number;
  /** Of those tensors, what the receipt tells. */
  readonly overflows: readonly Overflow[];
}

/** Values of one tensor that its data type cannot hold, which became infinite. */
export interface Overflow {
  readonly tensor: string;
  readonly count: number;
}

/** Keeps the newest entry only. */
export interface Journal {
  load(): Promise<JournalEntry | undefined>;
  save(entry: JournalEntry): Promise<void>;
  clear(): Promise<void>;
}
