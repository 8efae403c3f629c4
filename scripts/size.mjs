// The size budget: what a first visit has to load. Reads dist/ and public/zoo; prints a table; fails when a limit is passed.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const dist = join(root, 'dist');

/** Gzipped script of the main thread: about 0.5 s on a 4 Mbit/s line. */
const SCRIPT_LIMIT = 250_000;
/** Base, opening experts, heads and the first samples of the opening tasks. */
const FIRST_VIEW_LIMIT = 1_800_000;
const FAMILY_LIMIT = 5_000_000;
/** Test samples per task that the first bars are measured on. */
const FIRST_SAMPLES = 64;

/**
 * Imported only after the visitor has asked for them, or, the typesetter and the texts about methods, after the first live numbers are
 * on the screen. Every other chunk counts as first view.
 */
const ON_DEMAND = [
  // Summaries, formulas, helps: all that methods say about themselves.
  'virtual:handbook',
  // All methods, and their pages.
  'src/ui/library/browser.tsx',
  'src/ui/library/doc-sheet.tsx',
  // The formula with numbers.
  'node_modules/katex/dist/katex.mjs',
  // Another choice than "two tasks". A link that makes it loads these in place of the scatter, which is larger.
  'src/ui/parallel/parallel-plot.tsx',
  'src/ui/pairs/linked-pairs.tsx',
  'src/ui/nested/nested-panel.tsx',
  // Size against accuracy, where a method gives one network per task.
  'src/ui/pack/pack-panel.tsx',
  // What opens below the plot at a click. What is compared is also loaded when comparisons were measured on an earlier visit.
  'src/ui/pareto/choose-by.tsx',
  'src/ui/pareto/how.tsx',
  'src/ui/pareto/compare.tsx',
  'src/ui/pareto/point-table.tsx',
  'src/ui/pareto/take-away.tsx',
  // The buttons in there.
  'src/ui/picture/picture.ts',
  // What differs from layer to layer.
  'src/ui/ingredients/family-curves.tsx',
  // Measurements of other models: their screen, and the sheets that open and plan them.
  'src/ui/elsewhere/elsewhere.tsx',
  'src/ui/elsewhere/open-sheet.tsx',
  'src/ui/elsewhere/plan-sheet.tsx',
  // The visitor's own models, and the methods that can merge them.
  'src/ui/files/files-screen.tsx',
  'src/ui/files/method-sheet.tsx',
  // Own models on own data.
  'src/ui/own/own-sheet.tsx',
  // What is inside of the networks.
  'src/ui/inspect/live.tsx',
  // All methods side by side, and what is pinned to compare with.
  'src/ui/board/board-sheet.tsx',
  'src/ui/result/pin-card.tsx',
  // What the browser keeps, inside the popover of the device.
  'src/ui/shell/storage.tsx',
];

/** The same, shared by several of them and so called by name: what reads files, and what puts their contents on the screen. */
const SHARED_ON_DEMAND = ['open-files', 'screen', 'files', 'dropped', 'kept-families', 'own-family'];

/** Strings of TensorFlow.js that survive minification. */
const TENSORFLOW_MARKS = ['_tfengine', 'tfjsflags', 'FusedBatchNorm'];

const rows = [];
const failures = [];

if (existsSync(join(dist, '.vite', 'manifest.json'))) checkScripts();
else failures.push('dist/ holds no built page: run `npm test -- build size`.');
checkZoo();
printTable();
for (const failure of failures) console.log(failure);
process.exit(failures.length > 0 ? 1 : 0);

function checkScripts() {
  const manifest = JSON.parse(readFileSync(join(dist, '.vite', 'manifest.json'), 'utf8'));
  for (const key of ON_DEMAND)
    if (!manifest[key]?.isDynamicEntry) failures.push(`${key} is no chunk of its own: is it still loaded on demand?`);
  const names = Object.values(manifest).map(({ name }) => name);
  for (const name of SHARED_ON_DEMAND)
    if (!names.includes(name)) failures.push(`there is no chunk "${name}": is it still loaded on demand?`);
  const files = [...reachable(manifest, 'index.html')]
    .map((key) => manifest[key].file)
    .filter((f) => f.endsWith('.js'));
  let total = 0;
  for (const file of files) {
    const text = readFileSync(join(dist, file), 'utf8');
    const bytes = gzipSync(text).length;
    total += bytes;
    rows.push([`  ${file}`, bytes]);
    const mark = TENSORFLOW_MARKS.find((candidate) => text.includes(candidate));
    if (mark) failures.push(`${file} holds "${mark}": TensorFlow.js must stay in the workers.`);
  }
  row('script of the main thread, gzipped', total, SCRIPT_LIMIT);
  checkMarks();
}

/** Chunks that `key` loads: static imports, and the dynamic ones that do not wait for the visitor. */
function reachable(manifest, key, seen = new Set()) {
  if (seen.has(key)) return seen;
  seen.add(key);
  const { imports = [], dynamicImports = [] } = manifest[key];
  const waits = ({ src, name }) => ON_DEMAND.includes(src) || SHARED_ON_DEMAND.includes(name);
  const early = dynamicImports.filter((dynamic) => !waits(manifest[dynamic]));
  for (const next of [...imports, ...early]) reachable(manifest, next, seen);
  return seen;
}

/** A search that finds nothing anywhere proves nothing: the marks must be found where TensorFlow.js is meant to be. */
function checkMarks() {
  const folder = join(dist, 'assets');
  const scripts = readdirSync(folder).filter((name) => name.endsWith('.js'));
  const texts = scripts.map((name) => readFileSync(join(folder, name), 'utf8'));
  if (!texts.some((text) => TENSORFLOW_MARKS.some((mark) => text.includes(mark)))) {
    failures.push(
      `no script of dist/ holds any of ${TENSORFLOW_MARKS.join(', ')}: the search for TensorFlow.js is blind.`,
    );
  }
}

function checkZoo() {
  const zoo = join(root, 'public', 'zoo');
  const families = existsSync(zoo) ? readdirSync(zoo).filter((name) => existsSync(join(zoo, name, 'card.json'))) : [];
  if (families.length === 0) failures.push('public/zoo holds no family: run `npm run train -- glyph-vit`.');
  for (const family of families) checkFamily(family, join(zoo, family));
}

function checkFamily(name, folder) {
  const card = JSON.parse(readFileSync(join(folder, 'card.json'), 'utf8'));
  const opening = new Set(card.opening.experts);
  const experts = card.experts.filter(({ id }) => opening.has(id));
  const tasks = card.tasks.filter(({ id }) => opening.has(id));
  const samples = tasks.flatMap(({ test }) => test.filter(({ from }) => from < FIRST_SAMPLES));
  const first = [{ file: 'card.json' }, card.base, ...experts, card.heads, ...samples];
  row(`${name}: first view`, sum(first.map(({ file }) => statSync(join(folder, file)).size)), FIRST_VIEW_LIMIT);
  row(`${name}: whole family`, sizeOfFolder(folder), FAMILY_LIMIT);
}

function sizeOfFolder(folder) {
  const entries = readdirSync(folder, { withFileTypes: true, recursive: true });
  return sum(entries.filter((e) => e.isFile()).map((e) => statSync(join(e.parentPath ?? e.path, e.name)).size));
}

function row(name, bytes, limit) {
  rows.push([name, bytes, limit]);
  if (bytes > limit) failures.push(`${name}: ${kilobytes(bytes)} is over the limit of ${kilobytes(limit)}.`);
}

function printTable() {
  const width = Math.max(0, ...rows.map(([name]) => name.length));
  for (const [name, bytes, limit] of rows) {
    const verdict = limit === undefined ? '' : `of ${kilobytes(limit)}${bytes > limit ? '  TOO BIG' : ''}`;
    console.log(`${name.padEnd(width)}  ${kilobytes(bytes).padStart(10)}  ${verdict}`.trimEnd());
  }
}

function kilobytes(bytes) {
  return `${(bytes / 1000).toFixed(1)} kB`;
}

function sum(values) {
  return values.reduce((total, value) => total + value, 0);
}
