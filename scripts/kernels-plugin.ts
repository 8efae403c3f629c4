import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Plugin } from 'vite';

const PREFIX = 'virtual:kernels/';
const RESOLVED = `\0${PREFIX}`;

/** Serves `virtual:kernels/<name>`: assembly/<name>.ts compiled to WebAssembly, as bytes (some kB). */
export function kernels(): Plugin {
  let root = '';
  return {
    name: 'merge-studio:kernels',
    configResolved(config) {
      root = config.root;
    },
    resolveId: (id) => (id.startsWith(PREFIX) ? `\0${id}` : undefined),
    async load(id) {
      if (!id.startsWith(RESOLVED)) return undefined;
      const source = `assembly/${id.slice(RESOLVED.length)}.ts`;
      const base64 = Buffer.from(await compile(root, source, (path) => this.addWatchFile(path))).toString('base64');
      return `export default Uint8Array.from(atob(${JSON.stringify(base64)}), (byte) => byte.charCodeAt(0));`;
    },
  };
}

/** @throws Error with the compiler's own words */
async function compile(root: string, source: string, read: (path: string) => void): Promise<Uint8Array> {
  // Loading the compiler takes a second: only who needs the kernels waits for it.
  const { default: asc } = await import('assemblyscript/asc');
  let compiled: Uint8Array | undefined;
  const { error, stderr } = await asc.main(
    [source, '--outFile', 'kernels.wasm', '-O3', '--enable', 'simd', '--runtime', 'stub', '--noAssert'],
    {
      async readFile(name) {
        const text = await readFile(join(root, name), 'utf8').catch(() => null);
        if (text !== null) read(join(root, name));
        return text;
      },
      writeFile: (_name, contents) => {
        if (contents instanceof Uint8Array) compiled = contents;
      },
      listFiles: () => [],
    },
  );
  if (error || !compiled) throw new Error(`${source} does not compile:\n${stderr.toString()}`);
  return compiled;
}
