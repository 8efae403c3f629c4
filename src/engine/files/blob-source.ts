/** A dropped file of the page as a source of bytes: only the parts that are read leave the disk. */
import type { ByteSource } from '../../formats/byte-source.ts';

/** @param path below what was dropped, "/" between folders */
export const blobSource = (path: string, blob: Blob): ByteSource => ({
  path,
  size: blob.size,
  read: async (begin, end) => new Uint8Array(await blob.slice(begin, end).arrayBuffer()),
  shared: async () => blob,
});
