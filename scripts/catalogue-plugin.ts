import katex from 'katex';
import { type Plugin, runnerImport } from 'vite';
import type { PrintedHandbook } from '../src/methods/metadata.ts';

type Metadata = typeof import('../src/methods/metadata.ts');

/** A wide gap in a formula stands between equations, which are set below each other. */
const GAP = /,?\\q?quad\s*/;

/** What each virtual module holds. */
const MODULES: Readonly<Record<string, (made: Metadata) => unknown>> = {
  'virtual:catalogue': ({ metadata }) => metadata,
  'virtual:mergekit': ({ mergekit }) => mergekit,
  'virtual:handbook': ({ handbook }): PrintedHandbook => {
    const pages = Object.entries(handbook.methods);
    return { ...handbook, formulas: Object.fromEntries(pages.map(([id, { formula }]) => [id, typeset(formula)])) };
  },
};

function typeset(formula: string): string[] {
  return formula
    .split(GAP)
    .map((line) => katex.renderToString(line, { output: 'mathml', displayMode: true, throwOnError: true }));
}

/**
 * Serves the metadata of every method file as plain JSON, so that the page needs neither their code nor TensorFlow.js on the main
 * thread: `virtual:catalogue`, what it takes to list methods, parse links and draw sliders; `virtual:handbook`, the texts and the
 * formulas, also as MathML, which is several times as large and loaded later; `virtual:mergekit`, of which only plans are made.
 */
export function catalogue(): Plugin {
  const resolved = (id: string) => `\0${id}`;
  return {
    name: 'merge-studio:catalogue',
    resolveId: (id) => (id in MODULES ? resolved(id) : undefined),
    async load(id) {
      const make = Object.entries(MODULES).find(([known]) => resolved(known) === id)?.[1];
      if (!make) return undefined;
      const { module, dependencies } = await runnerImport<Metadata>('/src/methods/metadata.ts', {
        configFile: false,
        logLevel: 'error',
      });
      for (const file of dependencies) this.addWatchFile(file);
      return `export default ${JSON.stringify(make(module))};`;
    },
  };
}
