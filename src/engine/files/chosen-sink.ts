/** A file on the disk that the visitor chose: written in place of the browser's own storage, where the browser can. */
import type { Sink } from './sink.ts';

/** The browser writes beside the file and puts it in its place when it is closed: only what was closed can be read, or survives a crash. */
export function chosenSink(handle: FileSystemFileHandle): Sink {
  let stream: FileSystemWritableFileStream | undefined;
  const close = async () => {
    await stream?.close();
    stream = undefined;
  };
  const opened = async () => {
    stream ??= await handle.createWritable({ keepExistingData: true });
    return stream;
  };
  return {
    async open(totalBytes) {
      await (await opened()).truncate(totalBytes);
    },
    async write(at, bytes) {
      // A copy: what threads share cannot be written.
      await (await opened()).write({ type: 'write', position: at, data: bytes.slice() });
    },
    async flush() {},
    async read(begin, end) {
      await close();
      const file = await handle.getFile();
      return new Uint8Array(await file.slice(begin, end).arrayBuffer());
    },
    finish: close,
    close,
    async discard() {
      await stream?.abort();
      stream = undefined;
    },
  };
}
