/** The parts of WebAssembly that the engine uses: Node has them, its type package does not name them. For tsconfig.node.json. */
declare namespace WebAssembly {
  interface Memory {
    readonly buffer: ArrayBuffer;
  }
  interface Instance {
    readonly exports: Readonly<Record<string, unknown>>;
  }
  function validate(bytes: Uint8Array): boolean;
  function instantiate(bytes: Uint8Array): Promise<{ readonly instance: Instance }>;
}
