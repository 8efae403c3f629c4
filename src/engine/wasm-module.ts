/**
 * A module of assembly/, where the processor has 128-bit SIMD.
 * @typeParam Exports what its source exports; addresses and sizes are numbers
 * @returns undefined where SIMD is missing
 */
export async function openModule<Exports>(bytes: Uint8Array<ArrayBuffer>): Promise<Exports | undefined> {
  if (!WebAssembly.validate(bytes)) return undefined;
  const { instance } = await WebAssembly.instantiate(bytes);
  // What a WebAssembly module exports has no types: its source, in assembly/, is what Exports is written from.
  return instance.exports as unknown as Exports;
}
