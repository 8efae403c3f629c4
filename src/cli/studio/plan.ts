/** `studio plan`: configurations of mergekit for a user's own models and machines, one per coefficient vector. */
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { StudioError } from '../../engine/fault.ts';
import { type DrawnPlan, type DrawnPlanRequest, drawnPlan } from '../../formats/drawn-plan.ts';
import { MAX_MERGES, type PlanFile, type PlanSource, planOfRecipe, planOfTemplate } from '../../formats/merge-plan.ts';
import { readMergekit } from '../../formats/mergekit/template.ts';
import { DEFAULT_SEED, MAX_SEED } from '../../formats/recipe.ts';
import { mergekit, metadata } from '../../methods/metadata.ts';
import { design, pointsNeeded } from '../../pareto/design/design.ts';
import { openLinkText } from './local.ts';
import { wholeNumber } from './whole-number.ts';

export interface PlanOptions {
  readonly json: boolean;
  readonly points: string | undefined;
  readonly out: string | undefined;
  readonly seed: string | undefined;
  /** Tasks of lm-evaluation-harness for the scripts. */
  readonly tasks: string | undefined;
  readonly force: boolean;
}

/** Written by the plan's own scripts: merges of another plan under the same names. */
const OUTCOMES = ['results', 'models'];

/**
 * Writes a merge plan into a folder.
 * @param from a link of the studio, or the path of a mergekit configuration, by its ending .yaml or .yml
 * @returns what was written, for stdout
 */
export async function plan(from: string | undefined, options: PlanOptions): Promise<string> {
  const { out } = options;
  if (out === undefined) throw new StudioError('recipe', 'where to write is missing: --out plan/');
  const { source, seed: ownSeed } = await openSource(from);
  const seed = wholeNumber('--seed', options.seed, ownSeed, 0, MAX_SEED);
  const unknowns = pointsNeeded(source.axes.length);
  const count = wholeNumber('--points', options.points, 2 * unknowns, 1, MAX_MERGES);
  const { files, notes } = draw({ source, count, seed, design, unknowns, tasks: options.tasks });
  await checkFolder(out, options.force);
  await write(out, files);
  for (const note of notes) process.stderr.write(`${note}\n`);
  const coefficients = source.axes.map(({ name }) => name);
  const paths = files.map(({ path }) => path);
  if (options.json)
    return JSON.stringify(
      { out, title: source.title, coefficients, merges: count, seed, files: paths, notes },
      null,
      2,
    );
  const programs = paths.filter((path) => !path.startsWith('configs/')).join(', ');
  return `${out}: ${count} merges (${source.title}), seed ${seed}\n${programs}, configs/*.yaml\nNext: ${join(out, 'README.md')}`;
}

async function openSource(from: string | undefined): Promise<{ source: PlanSource; seed: number }> {
  if (from === undefined) {
    throw new StudioError('recipe', "a link or a mergekit configuration is missing, for example '#v=1' or merge.yaml");
  }
  if (/\.ya?ml$/i.test(from)) return { source: await openConfiguration(from), seed: DEFAULT_SEED };
  const { recipe, notes, space } = await openLinkText(from);
  for (const note of notes) process.stderr.write(`${note}\n`);
  const source = planOfRecipe(recipe, { catalogue: metadata, mergekit }, {}, space);
  if (source.kind === 'refused') throw new StudioError('recipe', source.reason);
  return { source, seed: recipe.seed };
}

async function openConfiguration(path: string): Promise<PlanSource> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw new StudioError('recipe', `${path}: cannot be read (${inWords(error)})`);
  });
  const template = readMergekit(text);
  if (template.kind === 'template') return planOfTemplate(template);
  const problems = template.problems.map(({ line, message }) => `${path}:${line}: ${message}.`);
  throw new StudioError('recipe', problems.join('\n'));
}

function draw(request: DrawnPlanRequest): DrawnPlan {
  try {
    return drawnPlan(request);
  } catch (error) {
    throw new StudioError('recipe', inWords(error));
  }
}

/** Nothing of the user's is overwritten unasked, and results of another plan never pass for this one's. */
async function checkFolder(out: string, force: boolean): Promise<void> {
  const none: string[] = [];
  const found = await readdir(out).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return none;
    throw new StudioError('recipe', `${out}: cannot be used as a folder (${inWords(error)})`);
  });
  if (found.length > 0 && !force) {
    throw new StudioError(
      'recipe',
      `${out} is not empty (${found[0]}, …): choose another folder, or overwrite with --force`,
    );
  }
  const outcome = OUTCOMES.find((name) => found.includes(name));
  if (outcome === undefined) return;
  const reason = `${join(out, outcome)} is of an earlier plan, whose merges have the same names but other coefficients`;
  throw new StudioError('recipe', `${reason}: move it away, or choose another folder`);
}

async function write(out: string, files: readonly PlanFile[]): Promise<void> {
  for (const { path, text, executable } of files) {
    const target = join(out, path);
    try {
      await mkdir(dirname(target), { recursive: true });
      await writeFile(target, text, { mode: executable ? 0o755 : 0o644 });
    } catch (error) {
      throw new StudioError('recipe', `${target}: cannot be written (${inWords(error)})`);
    }
  }
}

function inWords(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
