/** What recipes, links and sliders need of every method, made at build time by scripts/catalogue-plugin.ts. */
declare module 'virtual:catalogue' {
  const catalogue: import('./methods/metadata.ts').Catalogue;
  export default catalogue;
}

/** Every method's texts and formulas, loaded after the first live numbers; see store/handbook.ts. */
declare module 'virtual:handbook' {
  const handbook: import('./methods/metadata.ts').PrintedHandbook;
  export default handbook;
}

/** What mergekit has in place of methods: only configurations are written from it, in a worker. */
declare module 'virtual:mergekit' {
  const mergekit: import('./methods/metadata.ts').Mergekit;
  export default mergekit;
}

/** assembly/encoder.ts and assembly/weights.ts compiled to WebAssembly. */
declare module 'virtual:kernels/*' {
  const bytes: Uint8Array<ArrayBuffer>;
  export default bytes;
}
