/** Threads that are none: two ends of a channel, and files that are shared as their bytes. */
import type { Line } from '../files/lanes/crew.ts';
import type { Reader } from '../files/lanes/reader.ts';

/** Two ends of a channel that moves what is transferred, as threads do. */
export function channel(): readonly [Line, Line] {
  const { port1, port2 } = new MessageChannel();
  return [port1, port2].map(
    (port): Line => ({
      post: (message, transfer) => port.postMessage(message, [...transfer]),
      listen(heard) {
        port.onmessage = ({ data }) => heard(data);
        (port as unknown as { unref(): void }).unref();
      },
    }),
  ) as [Line, Line];
}

/** Of files that are shared as their bytes. */
export function bytesReader(): Reader {
  const files = new Map<number, Uint8Array>();
  return {
    open: (file, _, handle) => files.set(file, handle as Uint8Array),
    read(file, at, into) {
      into.set(files.get(file)?.subarray(at, at + into.length) ?? []);
    },
  };
}
