/** The files worker, started when the first file is dropped. */
import { type FilesEngine, openFilesEngine } from '../../client/files.ts';

let engine: FilesEngine | undefined;

export function filesEngine(): FilesEngine {
  engine ??= openFilesEngine();
  return engine;
}
