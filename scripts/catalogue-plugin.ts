import katex from 'katex';
import { type Plugin, runnerImport } from 'vite';
import type { Catalogue } from '../src/methods/metadata.ts';

/** A wide gap in a formula stands between equations, which are set below each other. */
const GAP = /,?\\q?quad\s*/;

/** What each virtual module holds. */
const MODULES: Readonly<Record<string, (catalogue: Catalogue) => unknown>> = {
  'virtual:catalogue': (catalogue) => catalogue,
  'virtual:formulas': ({ methods }) => Object.fromEntries(methods.map(({ id, formula }) => [id, typeset(formula)])),
};

function typeset(formula: string): string[] {
  return formula
    .split(GAP)
    .map((line) => katex.renderToString(line, { output: 'mathml', displayMode: true, throwOnError: true }));
}

/**
 * Serves `virtual:catalogue`, the metadata of every method file as plain JSON, so that the page can list, explain and parse
 * methods without loading their code (or TensorFlow.js) on the main thread; and `virtual:formulas`, their formulas as MathML,
 * so that the first view needs no typesetter.
 */
export function catalogue(): Plugin {
  const resolved = (id: string) => `\0${id}`;
  return {
    name: 'merge-studio:catalogue',
    resolveId: (id) => (id in MODULES ? resolved(id) : undefined),
    async load(id) {
      const make = Object.entries(MODULES).find(([known]) => resolved(known) === id)?.[1];
      if (!make) return undefined;
      const { module, dependencies } = await runnerImport<typeof import('../src/methods/metadata.ts')>(
        '/src/methods/metadata.ts',
        { configFile: false, logLevel: 'error' },
      );
      for (const file of dependencies) this.addWatchFile(file);
      return `export default ${JSON.stringify(make(module.metadata))};`;
    },
  };
}
