/** An adapter's two files as one download. */
import { strToU8, zipSync } from 'fflate';
import type { AdapterFiles } from './extracted.ts';

/** Stored, not packed: weights do not get smaller. */
export const zippedAdapter = ({ weights, config }: AdapterFiles): Uint8Array =>
  zipSync({ 'adapter_model.safetensors': weights, 'adapter_config.json': strToU8(config) }, { level: 0 });
