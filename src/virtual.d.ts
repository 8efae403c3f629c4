/** Every method's metadata as JSON, made at build time by scripts/catalogue-plugin.ts. */
declare module 'virtual:catalogue' {
  const catalogue: import('./methods/metadata.ts').Catalogue;
  export default catalogue;
}

/** Every method's formula as MathML, one entry per equation. */
declare module 'virtual:formulas' {
  const formulas: Readonly<Record<string, readonly string[]>>;
  export default formulas;
}

/** assembly/encoder.ts compiled to WebAssembly. */
declare module 'virtual:kernels' {
  const bytes: Uint8Array<ArrayBuffer>;
  export default bytes;
}
