/** A model from the headers of its files. */
import type { ByteSource } from '../../formats/byte-source.ts';
import type { TensorOutline } from '../../formats/checkpoint/outline.ts';
import { looksLikeAdapter } from '../../formats/lora/names.ts';
import {
  headerLength,
  LENGTH_BYTES,
  parseHeader,
  SafetensorsError,
  type SafetensorsHeader,
} from '../../formats/safetensors/header.ts';
import type { Checkpoint, TensorPart } from './checkpoint.ts';
import { type Folder, fileName } from './folders.ts';
import type { Configs } from './open-config.ts';

/** Asked for at once with the header's length: most headers of shards end before, and asking a browser takes longer than reading. */
const FIRST_BYTES = 16_384;

/** Reads a file's header and nothing else. */
async function openHeader(source: ByteSource): Promise<SafetensorsHeader> {
  const start = await source.read(0, Math.min(FIRST_BYTES, source.size));
  const end = LENGTH_BYTES + headerLength(start, source.size, source.path);
  const json = end <= start.length ? start.subarray(LENGTH_BYTES, end) : await source.read(LENGTH_BYTES, end);
  return parseHeader(json, source.size, source.path);
}

/** @param sources the files of one model, in the order of its tensors */
export async function openModel(sources: readonly ByteSource[], folder: Folder, configs: Configs): Promise<Checkpoint> {
  const headers = await Promise.all(sources.map(openHeader));
  const parts = new Map<string, TensorPart>();
  const tensors: TensorOutline[] = [];
  for (const [index, source] of sources.entries()) {
    for (const [name, { dtype, shape, begin, end }] of headers[index]?.tensors ?? []) {
      if (parts.has(name)) throw new SafetensorsError(`${source.path}: ${name}: is in another shard too`);
      parts.set(name, { kind: 'stored', dtype, shape, source, begin, end });
      tensors.push({ name, shape, dtype });
    }
  }
  const adapter = looksLikeAdapter(parts.keys());
  const outline = {
    id: '',
    name: modelName(sources, folder),
    kind: adapter ? ('adapter' as const) : ('weights' as const),
    tensors,
    metadata: Object.fromEntries(headers.flatMap(({ metadata }) => Object.entries(metadata))),
    config: adapter ? configs.adapterConfig : configs.config,
    bytes: sources.reduce((total, { size }) => total + size, 0),
  };
  return { outline, parts };
}

/** Names that tools give to every model: its folder's says more. */
const GENERIC = /^(?:(?:adapter_|diffusion_)?(?:pytorch_)?model|pytorch_lora_weights|consolidated|weights|checkpoint)$/;
/** Of shards, and of variants beside the usual weights. */
const NUMBER = /-\d{2,6}-of-\d{2,6}$/;
const VARIANT = /(?:\.(?:fp16|bf16|fp32))$/;

function modelName([first]: readonly ByteSource[], folder: Folder): string {
  const stem = first
    ? fileName(first)
        .replace(/\.safetensors$/i, '')
        .replace(NUMBER, '')
    : '';
  const parent = folder.path.slice(folder.path.lastIndexOf('/') + 1);
  return GENERIC.test(stem.replace(VARIANT, '')) && parent !== '' ? parent : stem;
}
