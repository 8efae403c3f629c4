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
