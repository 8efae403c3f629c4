/** Reads one set of own samples from its files. */
import { pairIdx, readIdx } from '../../formats/data/idx.ts';
import { DataError, MAX_FILE_BYTES, MAX_TEXT_BYTES, type OwnSamples } from '../../formats/data/samples.ts';
import type { DataSource } from '../../formats/data/sources.ts';
import { readTable } from '../../formats/data/table.ts';
import { readTextLines } from '../../formats/data/text.ts';
import { unpacked } from '../../formats/data/unpack.ts';

/** A file as it was dropped. */
export interface OwnFile {
  /** Folders with "/" between them. */
  readonly path: string;
  readonly blob: Blob;
}

/** Pictures as grey levels: what decodes them depends on where this runs. */
export type ReadImages = (files: readonly OwnFile[], label: string, inputs: number) => Promise<OwnSamples>;

/** @param inputs that the network takes per sample */
export async function readData(
  source: DataSource,
  files: readonly OwnFile[],
  inputs: number,
  readImages: ReadImages,
): Promise<OwnSamples> {
  const samples = await readOf(source, files, inputs, readImages);
  if (samples.inputs === inputs) return samples;
  throw new DataError(`${source.name}: each sample has ${samples.inputs} numbers, but the network takes ${inputs}`);
}

async function readOf(
  source: DataSource,
  files: readonly OwnFile[],
  inputs: number,
  readImages: ReadImages,
): Promise<OwnSamples> {
  const [first] = files;
  if (!first) throw new DataError(`${source.name}: its files are gone`);
  switch (source.kind) {
    case 'idx':
      return readPair(source, files);
    case 'table':
      return readTable(await textOf(first), first.path);
    case 'text':
      return readTextLines(await textOf(first), first.path, inputs);
    case 'images':
      return readImages(files, source.name, inputs);
  }
}

async function bytesOf({ path, blob }: OwnFile, limit: number): Promise<Uint8Array> {
  if (blob.size > limit) throw new DataError(`${path}: has ${blob.size} bytes, at most ${limit} are read`);
  return unpacked(new Uint8Array(await blob.arrayBuffer()), path, limit);
}

async function textOf(file: OwnFile): Promise<string> {
  const bytes = await bytesOf(file, MAX_TEXT_BYTES);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new DataError(`${file.path}: is no text in UTF-8; save it in that encoding`);
  }
}

async function readPair({ name }: DataSource, files: readonly OwnFile[]): Promise<OwnSamples> {
  const opened = [];
  for (const file of files) {
    const bytes = await bytesOf(file, MAX_FILE_BYTES);
    opened.push({ label: file.path, file: readIdx(bytes, file.path) });
  }
  const labels = opened.find(({ file }) => file.sides.length === 1);
  const samples = opened.find(({ file }) => file.sides.length > 1);
  if (labels && samples && opened.length === 2) return pairIdx(samples, labels);
  const lacking = !samples ? 'the images' : !labels ? 'the labels' : 'only one pair';
  throw new DataError(
    `${name}: an IDX set is one file of images and one of labels with the same name; wanted ${lacking}, got ${files.map(({ path }) => path).join(', ')}`,
  );
}
