import { StudioError } from './fault.ts';
import type { ReadFile } from './zoo.ts';

/** Where the files of a family are: below an address, or in the browser's hands. */
export interface Files {
  /** Folder of the card, ending in "/". */
  readonly zooUrl: string;
  /** All files of a family of the user's own, by name; nothing is fetched then. */
  readonly files?: ReadonlyMap<string, Blob>;
}

type OnBytes = (file: string, received: number) => void;

export const readerOf = ({ zooUrl, files }: Files, onBytes: OnBytes): ReadFile =>
  files ? blobReader(files, onBytes) : fetchReader(zooUrl, onBytes);

function blobReader(files: ReadonlyMap<string, Blob>, onBytes: OnBytes): ReadFile {
  return async (file) => {
    const blob = files.get(file);
    if (!blob) throw new StudioError('zoo', `${file}: is not among the files that this browser keeps`);
    onBytes(file, blob.size);
    return new Uint8Array(await blob.arrayBuffer());
  };
}

/** Reads files below an address, telling how many bytes of each have arrived. */
function fetchReader(folder: string, onBytes: OnBytes): ReadFile {
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
