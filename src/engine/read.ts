import { StudioError } from './fault.ts';
import type { ReadFile } from './zoo.ts';

/** Reads files below an address, telling how many bytes of each have arrived. */
export function fetchReader(folder: string, onBytes: (file: string, received: number) => void): ReadFile {
  return async (file, fresh = false) => {
    const response = await fetch(new URL(file, folder), { cache: fresh ? 'reload' : 'default' }).catch(
      (error: unknown) => {
        throw new StudioError(
          'zoo',
          `${file}: could not be fetched (${error instanceof Error ? error.message : error})`,
        );
      },
    );
    if (!response.ok || !response.body) throw new StudioError('zoo', `${file}: the server answered ${response.status}`);
    const chunks: Uint8Array[] = [];
    let received = 0;
    const reader = response.body.getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      chunks.push(value);
      received += value.length;
      onBytes(file, received);
    }
    const bytes = new Uint8Array(received);
    let at = 0;
    for (const chunk of chunks) {
      bytes.set(chunk, at);
      at += chunk.length;
    }
    return bytes;
  };
}
