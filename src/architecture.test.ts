/** Enforces the layout: who may import whom, and the few rules that neither compiler nor linter can check. */
import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { type Import, readSource, readSources, resolveImport, type Source } from '../scripts/read-sources.ts';

interface Row {
  /** Folders of src whose code may be imported, besides the own one. */
  readonly folders: readonly string[];
  /** Single files below src whose code may be imported too. */
  readonly files?: readonly string[];
  /** Paths below src of which only types may be imported. */
  readonly types?: readonly string[];
  /** Package → the only path below src that may import it; '' is the whole folder. A final * stands for any rest. */
  readonly packages: Readonly<Record<string, string>>;
  /** May read the methods' metadata: METADATA and the types of its content. */
  readonly catalogue?: true;
  /** May name the addresses of workers and of the .wasm files that they load. */
  readonly opensWorkers?: true;
}

const BELOW_ENGINE = ['core', 'models', 'methods', 'pareto', 'formats'];

/** "Who may import whom" of the architecture. */
const TABLE: Readonly<Record<string, Row>> = {
  core: { folders: [], packages: { '@noble/hashes': 'core/hash.ts' } },
  models: { folders: ['core'], packages: { '@tensorflow/tfjs-core': '' } },
  methods: { folders: ['core', 'models'], packages: { '@tensorflow/tfjs-core': '' } },
  pareto: { folders: ['core'], packages: {} },
  formats: { folders: ['core'], packages: { yaml: '', fflate: '', valibot: '', '@noble/hashes': '' }, catalogue: true },
  engine: {
    folders: BELOW_ENGINE,
    packages: {
      '@tensorflow/tfjs-core': '',
      '@tensorflow/tfjs-backend-*': 'engine/backend',
      'virtual:kernels/encoder': 'engine/backend-kernels.ts',
      'virtual:kernels/weights': 'engine/files/lanes/simd.ts',
      'virtual:kernels/ranks': 'engine/files/lanes/simd-ranks.ts',
      'virtual:kernels/elections': 'engine/files/lanes/simd-elections.ts',
    },
    catalogue: true,
  },
  workers: { folders: ['engine'], types: ['client/protocol.ts'], packages: { comlink: '' } },
  // Recipes, scores and readouts cross the border of the workers: the client names their types.
  client: {
    folders: [],
    types: ['engine', 'formats', 'methods/define.ts'],
    packages: { comlink: '' },
    opensWorkers: true,
  },
  // core: the interval that is drawn around a measured number is the one that the command line prints.
  store: {
    folders: ['client', 'pareto', 'formats', 'core'],
    // The names and sizes of a network's tensors, which need no tensor library.
    files: ['models/parameter.ts', 'models/architecture-parameters.ts'],
    packages: { zustand: '', 'idb-keyval': '' },
    catalogue: true,
  },
  ui: {
    folders: ['store'],
    types: ['pareto'],
    // The page says sizes as the command line does.
    files: ['formats/in-words.ts'],
    packages: { react: '', 'react-dom': '', recharts: '', katex: '' },
    catalogue: true,
  },
  cli: {
    folders: ['engine', ...BELOW_ENGINE],
    // The bench measures the page from outside; only types, for a bundle cannot hold Playwright.
    packages: { 'node:*': '', '@tensorflow/tfjs-core': '', playwright: 'cli/bench/' },
    catalogue: true,
  },
  main: { folders: ['store', 'client', 'ui'], packages: { react: '', 'react-dom': '' } },
};

/** Made of the methods at build time. */
const METADATA = ['virtual:catalogue', 'virtual:handbook', 'virtual:mergekit'];
/** The types of what they hold. */
const CATALOGUE_TYPES = ['metadata', 'define', 'mergekit', 'presets'].map((name) => `src/methods/${name}.ts`);

/** Folders below the engine: the same input gives the same output, so neither chance nor time nor a log may enter. */
const PURE = ['core', 'models', 'methods', 'pareto', 'formats'];
const IMPURE_NAMES = ['Math.random', 'Date', 'console', 'performance'];

const LONGEST_FILE = 300;
const LONGEST_WORKER = 60;
/** Files that may be longer, each with its reason. */
const LONG_FILES: readonly string[] = [];

/** Names that say nothing about what a file holds. */
const VAGUE_NAME = /^(index|utils?|helpers?|common|misc)\.tsx?$/;

/** Where a method's id may be written outside its own file: file or folder → ids, each with its reason. */
const METHOD_MENTIONS: Readonly<Record<string, readonly string[]>> = {
  // Presets are chains of methods.
  'src/methods/presets.ts': ['*'],
  // The default recipe that `#v=1` alone stands for, and the average that every result is compared with.
  'src/formats/recipe.ts': ['task-arithmetic', 'weight-average'],
  // Published baselines that a search is compared with.
  'src/formats/baseline-recipes.ts': ['task-arithmetic', 'adamerging'],
  // mergekit's name of SLERP on task vectors, and of a method whose weights it divides by their sum.
  'src/methods/slerp.ts': ['nuslerp'],
  // … and of the average of a single model.
  'src/methods/weight-average.ts': ['passthrough'],
  // … and of merges whose trimming is a step of its own here.
  'src/methods/trim-each.ts': ['breadcrumbs', 'della', 'ties'],
  'src/formats/mergekit/template.ts': ['nuslerp'],
  // What merging files is measured on, and mergekit's names of two of them.
  'src/cli/bench/files-subjects.ts': ['weight-average', 'slerp', 'ties'],
  // "Copy to Task Arithmetic", for coefficients that a method learned.
  // The zoo's targets name the methods that they are measured with.
  'src/cli/train': ['*'],
  'src/ui/ingredients/learned.tsx': ['task-arithmetic'],
};

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const all = readSources(root, ['src', 'workers']);
const sources = all.filter(({ path }) => !isTest(path));

test('every import is one that the table allows', () => {
  expect(all.flatMap(offences)).toEqual([]);
});

test('nothing below the engine uses chance, the clock or the console', () => {
  const offenders = sources.flatMap(({ path, names }) =>
    PURE.includes(zoneOf(path))
      ? IMPURE_NAMES.filter((name) => names.has(name)).map((name) => `${path} uses ${name}`)
      : [],
  );
  expect(offenders).toEqual([]);
});

test('no file is a barrel or a drawer for everything', () => {
  expect(all.map(({ path }) => path).filter((path) => VAGUE_NAME.test(basename(path)))).toEqual([]);
});

test('no file is too long', () => {
  const offenders = all.flatMap(({ path, lines }) => {
    const limit = path.startsWith('workers/') ? LONGEST_WORKER : LONGEST_FILE;
    return lines > limit && !LONG_FILES.includes(path) ? [`${path} has ${lines} lines; the limit is ${limit}`] : [];
  });
  expect(offenders).toEqual([]);
});

test('a method is mentioned in no file but its own', () => {
  const owners = new Map(sources.flatMap(({ methodId, path }) => (methodId ? [[methodId, path] as const] : [])));
  const offenders = sources.flatMap(({ path, strings }) =>
    [...owners]
      .filter(([id, owner]) => owner !== path && strings.has(id) && !mayMention(path, id))
      .map(([id]) => `${path} mentions the method "${id}"`),
  );
  expect(offenders).toEqual([]);
});

test('every folder of src has a row in the table', () => {
  const zones = new Set(all.filter(({ path }) => !/^src\/[^/]+\.test\.ts$/.test(path)).map(({ path }) => zoneOf(path)));
  expect([...zones].filter((zone) => !(zone in TABLE))).toEqual([]);
});

test('the scanner sees every form of import', () => {
  const text = `
    import type { A } from './a.ts'; import { type B } from './b.ts'; import './c.ts'; // import './no.ts'
    export { d } from './d.ts'; export type * from './e.ts'; const text = "import './no.ts'";
    const f = await import('./f.ts'); type G = import('./g.ts').G;
    new Worker(new URL('../../workers/h.worker.ts', import.meta.url)); import.meta.glob(['./i/*.ts', '!./no.ts']);
    import wasm from 'j/k.wasm?url';`;
  expect(readSource('src/core/sample.ts', text).imports.map(({ kind, specifier }) => `${kind} ${specifier}`)).toEqual([
    'type ./a.ts',
    'value ./b.ts',
    'value ./c.ts',
    'value ./d.ts',
    'type ./e.ts',
    'value ./f.ts',
    'type ./g.ts',
    'address ../../workers/h.worker.ts',
    'value ./i/*.ts',
    'address j/k.wasm?url',
  ]);
  // A tree with fewer imports than this was not read.
  expect(all.reduce((total, { imports }) => total + imports.length, 0)).toBeGreaterThan(all.length / 2);
  expect(all.find(({ path }) => path === 'src/models/vit.ts')?.imports).toContainEqual({
    specifier: './linear.ts',
    kind: 'value',
  });
});

test.each([
  ['src/core/a.ts', "import '../models/vit.ts'"],
  ['src/core/a.ts', "import { sha256 } from '@noble/hashes/sha2.js'"],
  ['src/engine/merge.ts', "import '@tensorflow/tfjs-backend-wasm'"],
  ['src/client/a.ts', "import { run } from '../engine/run.ts'"],
  ['src/ui/a.tsx', "import { registry } from '../methods/registry.ts'"],
  ['src/ui/a.tsx', "new Worker(new URL('../../workers/merge.worker.ts', import.meta.url))"],
  ['src/store/a.ts', "import '@tensorflow/tfjs-core'"],
  ['src/store/a.ts', "import { app } from '../main.tsx'"],
  ['src/models/a.ts', "import catalogue from 'virtual:catalogue'"],
  ['src/cli/studio/a.ts', "import '../../../scripts/serve.mjs'"],
  ['src/engine/a.test.ts', "import '../ui/app.tsx'"],
])('%s may not contain: %s', (path, text) => {
  expect(offences(readSource(path, text))).toHaveLength(1);
});

function offences({ path, imports }: Source): string[] {
  return imports.filter((each) => !isAllowed(path, each)).map((each) => `${path} may not import ${inWords(each)}`);
}

function isAllowed(path: string, { specifier, kind }: Import): boolean {
  const zone = zoneOf(path);
  const target = resolveImport(path, specifier);
  if (isTest(path)) return target === undefined || zoneOf(target) !== 'ui' || zone === 'ui';
  const row = TABLE[zone];
  if (!row) return false;
  if (METADATA.includes(specifier)) return row.catalogue === true;
  if (kind === 'address' && specifier.endsWith('.wasm?url')) return row.opensWorkers === true;
  if (target === undefined) return mayUsePackage(path, row, specifier);
  const targetZone = zoneOf(target);
  // Nothing that is shipped may lean on what was written for tests.
  if (/\.testing\.tsx?$/.test(target)) return false;
  if (kind === 'address') return mayUseAddress(row, zone, specifier, targetZone);
  if (targetZone === zone || row.folders.includes(targetZone)) return true;
  if (row.files?.some((file) => target === `src/${file}`)) return true;
  if (kind !== 'type') return false;
  if (row.catalogue && CATALOGUE_TYPES.includes(target)) return true;
  return row.types?.some((allowed) => isBelow(target, `src/${allowed}`)) === true;
}

function mayUseAddress(row: Row, zone: string, specifier: string, targetZone: string): boolean {
  if (targetZone === 'workers') return row.opensWorkers === true;
  // Programs in Node read the .wasm files where npm put them.
  return targetZone === zone || (zone === 'cli' && specifier.includes('/node_modules/'));
}

function mayUsePackage(path: string, { packages }: Row, specifier: string): boolean {
  const allowed = Object.entries(packages).some(([pattern, only]) => {
    const matches = pattern.endsWith('*') ? specifier.startsWith(pattern.slice(0, -1)) : isBelow(specifier, pattern);
    return matches && (only === '' || path.startsWith(`src/${only}`));
  });
  return allowed || packagesOfOwn(path).some((name) => isBelow(specifier, name));
}

/** Training needs packages that nothing else does: it has a package.json of its own. */
function packagesOfOwn(path: string): string[] {
  const manifest = join(root, 'src/cli/train/package.json');
  if (!path.startsWith('src/cli/train/') || !existsSync(manifest)) return [];
  const { dependencies = {}, devDependencies = {} } = JSON.parse(readFileSync(manifest, 'utf8'));
  return Object.keys({ ...dependencies, ...devDependencies });
}

/** 'core' of src/core/…, 'workers', 'main' of src/main.tsx; other places by their first folder. */
function zoneOf(path: string): string {
  const [top = '', folder = ''] = path.split('/');
  return top === 'src' ? folder.replace(/\.tsx?$/, '') : top;
}

function isTest(path: string): boolean {
  return /\.(test|testing)\.tsx?$|\/fixtures\//.test(path);
}

function isBelow(path: string, parent: string): boolean {
  return path === parent || path.startsWith(`${parent}/`);
}

function mayMention(path: string, id: string): boolean {
  return Object.entries(METHOD_MENTIONS).some(
    ([place, ids]) => isBelow(path, place) && (ids.includes(id) || ids.includes('*')),
  );
}

function inWords({ specifier, kind }: Import): string {
  switch (kind) {
    case 'value':
      return `"${specifier}"`;
    case 'type':
      return `types of "${specifier}"`;
    case 'address':
      return `the address "${specifier}"`;
  }
}
