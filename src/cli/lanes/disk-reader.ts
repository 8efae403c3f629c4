/** Reads files in any thread by the descriptors of the thread that opened them: all threads of a program share them. */
import { readSync } from 'node:fs';
import { StudioError } from '../../engine/fault.ts';
import type { Reader } from '../../engine/files/lanes/reader.ts';

export function diskReader(): Reader {
  const files = new Map<number, { readonly path: string; readonly descriptor: number }>();
  return {
    open(file, path, handle) {
      if (typeof handle !== 'number') throw new Error(`${path}: cannot be read here`);
      files.set(file, { path, descriptor: handle });
    },
    read(file, at, into) {
      const { path, descriptor } = files.get(file) ?? {};
      if (descriptor === undefined) throw new Error(`file ${file} is not open`);
      for (let filled = 0; filled < into.length; ) {
        const count = readSync(descriptor, into, filled, into.length - filled, at + filled);
        if (count === 0)
          throw new StudioError(
            'files',
            `${path}: ends at byte ${at + filled}, but was longer when it was opened`,
            'It has changed in between: start the merge again.',
          );
        filled += count;
      }
    },
  };
}
