/** An adapter's two files as one download. */
import { strToU8, Zip, ZipPassThrough } from 'fflate';

/** Where a file of the archive would begin beyond this, it has no place: archives of this kind count bytes in 32 bits. */
export const MAX_ZIP_BYTES = 0xffff_0000;

export interface ZippedAdapter {
  /** adapter_config.json. */
  readonly config: string;
  /** Of adapter_model.safetensors, in order. */
  readonly pieces: AsyncIterable<Uint8Array>;
}

/**
 * Stored, not packed: weights do not get smaller.
 * @param write told the archive's bytes as they come
 */
export async function zipAdapter(
  { config, pieces }: ZippedAdapter,
  write: (bytes: Uint8Array<ArrayBuffer>) => void,
): Promise<void> {
  const faults: Error[] = [];
  const zip = new Zip((fault, bytes) => (fault ? faults.push(fault) : write(new Uint8Array(bytes))));
  const text = new ZipPassThrough('adapter_config.json');
  zip.add(text);
  text.push(strToU8(config), true);
  const weights = new ZipPassThrough('adapter_model.safetensors');
  zip.add(weights);
  for await (const piece of pieces) weights.push(piece);
  weights.push(new Uint8Array(), true);
  zip.end();
  const [fault] = faults;
  if (fault) throw fault;
}
