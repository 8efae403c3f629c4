import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import catalogue from 'virtual:catalogue';
import mergekit from 'virtual:mergekit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { parseLink } from './link.ts';
import { MIXED_RESULTS, resultsJson } from './lm-eval.testing.ts';
import { readLmEval } from './lm-eval.ts';
import { mergePlan, type PlanFile, type PlanSource, planOfRecipe, planOfTemplate } from './merge-plan.ts';
import { readMergekit } from './mergekit/template.ts';
import { readPlanVectors } from './plan-vectors.ts';
import { contentOf } from './points.testing.ts';
import { readPointsCsv } from './points-csv.ts';
import { testCard } from './recipe.testing.ts';

function sourceOf(link: string): PlanSource {
  const opened = parseLink(link, catalogue, testCard);
  if (opened.kind === 'refused') throw new Error(opened.reason);
  const source = planOfRecipe(opened.recipe, { catalogue, mergekit });
  if (source.kind === 'refused') throw new Error(source.reason);
  return source;
}

const VECTORS = [
  [0, 0],
  [1, 0],
  [0.123456789, 0.25],
];
const textOf = (files: readonly PlanFile[], path: string) => files.find((file) => file.path === path)?.text ?? '';
const configOf = (files: readonly PlanFile[], path: string) => parse(textOf(files, path));

describe('a merge plan', () => {
  it('has a configuration per vector, the vectors, and programs', () => {
    const files = mergePlan(sourceOf('#v=1&e=digits,kana'), VECTORS);
    expect(files.map(({ path }) => path)).toEqual([
      'README.md',
      'coefficients.csv',
      'run.sh',
      'run.slurm',
      'run_ray.py',
      'collect.py',
      'configs/merge-000.yaml',
      'configs/merge-001.yaml',
      'configs/merge-002.yaml',
    ]);
    expect(textOf(files, 'coefficients.csv')).toBe(
      'id,coefficient.digits,coefficient.kana\nmerge-000,0,0\nmerge-001,1,0\nmerge-002,0.123457,0.25\n',
    );
    expect(textOf(files, 'run.slurm')).toContain('#SBATCH --array=0-2%4\n');
    expect(textOf(files, 'README.md')).toContain('# 3 merges: Task Arithmetic of digits, kana\n');
  });

  it('says the same numbers in the configurations and in coefficients.csv', () => {
    const files = mergePlan(sourceOf('#v=1&e=digits,kana'), VECTORS);
    const { vectors, problems } = readPlanVectors(textOf(files, 'coefficients.csv'));
    expect(problems).toEqual([]);
    for (const [id, values] of vectors) {
      const { models } = configOf(files, `configs/${id}.yaml`);
      expect(models.map((model: { parameters: { weight: number } }) => model.parameters.weight)).toEqual(values);
    }
    expect(vectors.size).toBe(3);
  });

  it('varies further controls that the link names', () => {
    const opened = parseLink('#v=1&e=digits,kana&m=dare+task-arithmetic&vary=p', catalogue, testCard);
    if (opened.kind === 'refused') throw new Error(opened.reason);
    const source = planOfRecipe(opened.recipe, { catalogue, mergekit }, {}, { vary: opened.view.vary, blocks: 3 });
    if (source.kind === 'refused') throw new Error(source.reason);
    expect(source.axes.map(({ name, perExpert }) => [name, perExpert])).toEqual([
      ['digits', true],
      ['kana', true],
      ['p', false],
    ]);
    const { models } = configOf(mergePlan(source, [[0.5, 0.25, 0.9]]), 'configs/merge-000.yaml');
    expect(models.map((model: { parameters: object }) => model.parameters)).toEqual([
      { density: 0.1, weight: 0.5 },
      { density: 0.1, weight: 0.25 },
    ]);
  });

  it('varies λ where a method has no coefficient per expert', () => {
    const source = sourceOf('#v=1&e=digits,kana&m=ties');
    expect(source.axes).toEqual([{ name: 'lambda', min: 0, max: 2.5, perExpert: false }]);
    const files = mergePlan(source, [[0.5], [2]]);
    expect([0, 1].map((i) => configOf(files, `configs/merge-00${i}.yaml`).parameters.lambda)).toEqual([0.5, 2]);
    expect(textOf(files, 'README.md')).toContain('- mergekit trims each tensor by itself, here one threshold');
  });

  it('keeps all else of a configuration of the user’s', () => {
    const text =
      'merge_method: ties # ours\nbase_model: b\nmodels:\n- {model: x/m, parameters: {weight: 0.5, density: 0.3}}\n';
    const template = readMergekit(text);
    if (template.kind === 'refused') throw new Error('refused');
    const files = mergePlan(planOfTemplate(template), [[0], [0.75]]);
    expect(textOf(files, 'configs/merge-001.yaml')).toBe(text.replace('0.5', '0.75'));
    expect(textOf(files, 'coefficients.csv')).toBe('id,coefficient.m\nmerge-000,0\nmerge-001,0.75\n');
  });

  it('refuses in words what cannot be planned', () => {
    const average = sourceOf('#v=1&e=digits,kana&m=weight-average');
    expect(() => mergePlan(average, [[0, 0]])).toThrow(
      'merge-000: its weights add up to 0 and cannot be divided by their sum',
    );
    expect(() => mergePlan(average, [[1]])).toThrow('merge-000: got 1 coefficients, wanted 2');
    expect(() => mergePlan(average, [])).toThrow('got 0 merges, wanted 1 to 1000');
    expect(() => mergePlan(average, [[1, 0]], { tasks: '$(rm -rf /)' })).toThrow('wanted names separated by commas');
    const opened = parseLink('#v=1&m=iso-c', catalogue, testCard);
    expect(opened.kind === 'ok' && planOfRecipe(opened.recipe, { catalogue, mergekit })).toMatchObject({
      kind: 'refused',
    });
  });
});

const has = (program: string) => spawnSync(program, ['--version']).status === 0;
const [bash, python] = [has('bash'), has('python3')];
if (!bash || !python)
  console.warn(
    `merge-plan.test.ts: ${bash ? '' : 'bash '}${python ? '' : 'python3 '}missing, its programs are not run`,
  );

/** Stands for mergekit: fails for the configuration that FAIL_ON names. */
const FAKE_MERGEKIT = `#!/usr/bin/env bash
set -eu
echo "$1" >> calls.log
mkdir -p "$2"
case "$1" in *"\${FAIL_ON:-nothing}"*) exit 7;; esac
cp "$1" "$2/config.yaml"
`;
/** Stands for lm_eval: writes what the harness writes, where it writes it. */
const FAKE_LM_EVAL = `#!/usr/bin/env bash
set -eu
while [ "$#" -gt 0 ]; do
  case "$1" in --model_args) args="$2";; --output_path) out="$2";; esac
  shift
done
model="\${args#pretrained=}"; model="\${model%%,*}"
[ -f "$model/config.yaml" ]
mkdir -p "$out/models__x"
sed "s|models/merge-001|$model|g" "$RESULTS_TEMPLATE" > "$out/models__x/results_2026-01-01T00-00-00.json"
`;

/** Stands for Ray, on one machine. */
const FAKE_RAY = `def init():
    pass
def remote(**_):
    return lambda work: type("Remote", (), {"remote": staticmethod(work)})
def wait(waiting, num_returns):
    return waiting[:1], waiting[1:]
def get(done):
    return done
`;

describe('the programs of a plan', () => {
  // A space, as in many a home folder.
  const root = mkdtempSync(join(tmpdir(), 'merge plan '));
  const plan = join(root, 'plan');
  const bin = join(root, 'bin');
  const environment = {
    ...process.env,
    PATH: `${bin}${delimiter}${process.env.PATH}`,
    TASKS: 'hellaswag,gsm8k',
    RESULTS_TEMPLATE: join(root, 'template.json'),
  };
  const run = (command: string, args: readonly string[], more: Record<string, string> = {}) => {
    return spawnSync(command, args, { cwd: root, env: { ...environment, ...more }, encoding: 'utf8' });
  };
  const files = mergePlan(sourceOf('#v=1&e=digits,kana'), VECTORS);

  beforeAll(() => {
    const put = (path: string, text: string) => {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, text);
    };
    for (const { path, text } of files) put(join(plan, path), text);
    put(environment.RESULTS_TEMPLATE, resultsJson(MIXED_RESULTS));
    put(join(bin, 'ray.py'), FAKE_RAY);
    for (const [name, text] of Object.entries({ 'mergekit-yaml': FAKE_MERGEKIT, lm_eval: FAKE_LM_EVAL })) {
      put(join(bin, name), text);
      chmodSync(join(bin, name), 0o755);
    }
  });
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  it.runIf(bash).each(['run.sh', 'run.slurm'])('%s is a shell script', (path) => {
    expect(run('bash', ['-n', join(plan, path)])).toMatchObject({ status: 0, stderr: '' });
  });

  it.runIf(python).each(['run_ray.py', 'collect.py'])('%s is a Python program', (path) => {
    const target = join(plan, path);
    expect(run('python3', ['-c', 'import ast, sys; ast.parse(open(sys.argv[1]).read())', target])).toMatchObject({
      status: 0,
      stderr: '',
    });
  });

  it.runIf(bash)('run.sh says that tasks are missing', () => {
    const { status, stderr } = run('bash', [join(plan, 'run.sh')], { TASKS: '' });
    expect({ status, stderr }).toEqual({
      status: 2,
      stderr: 'run.sh: no tasks: set TASKS at its head or in the environment, for example TASKS=hellaswag,arc_easy\n',
    });
  });

  it.runIf(bash && python)('run, stop at an error with its configuration, go on, and collect', () => {
    const stopped = run('bash', [join(plan, 'run.sh')], { FAIL_ON: 'merge-001' });
    expect(stopped.status).toBe(7);
    expect(stopped.stderr).toBe(
      'run.sh: stopped at configs/merge-001.yaml (exit status 7). Start it again to go on from there.\n',
    );
    expect(readdirSync(join(plan, 'results'))).toEqual(['merge-000']);

    const partial = run('python3', [join(plan, 'collect.py')]);
    expect(partial.stderr).toContain('collect.py: merge-001: no results yet\n');
    expect(partial.stdout).toBe('results.csv: 1 of 3 merges, 4 tasks\n');

    const array = run('bash', [join(plan, 'run.slurm')], { SLURM_SUBMIT_DIR: plan, SLURM_ARRAY_TASK_ID: '2' });
    expect(array).toMatchObject({ status: 0, stdout: 'merge-002: merging\nmerge-002: evaluating\n', stderr: '' });

    const ray = run('python3', [join(plan, 'run_ray.py')], { FAIL_ON: 'merge-001', PYTHONPATH: bin });
    expect(ray.status).toBe(1);
    expect(ray.stderr).toContain('\nrun_ray.py: failed: configs/merge-001.yaml\n');
    expect(ray.stdout).toContain('merge-001: failed with exit status 7\n');
    expect(ray.stdout).toContain('merge-002: done\n');

    const rest = run('bash', [join(plan, 'run.sh')]);
    expect(rest).toMatchObject({ status: 0, stderr: '' });
    expect(rest.stdout).toBe(
      'merge-000: has results, skipped\nmerge-001: merging\nmerge-001: evaluating\nmerge-002: has results, skipped\n',
    );
    const calls = readFileSync(join(plan, 'calls.log'), 'utf8').trim().split('\n');
    expect(calls).toEqual(['000', '001', '002', '001', '001'].map((i) => `configs/merge-${i}.yaml`));
    expect(readdirSync(join(plan, 'models')), 'merged models are removed').toEqual([]);

    expect(run('python3', [join(plan, 'collect.py')])).toMatchObject({
      status: 0,
      stdout: 'results.csv: 3 of 3 merges, 4 tasks\n',
    });
    expect(existsSync(join(plan, 'results.csv'))).toBe(true);
    const collected = readPointsCsv(readFileSync(join(plan, 'results.csv'), 'utf8'));
    expect(collected.tasks).toEqual(['mmlu', 'arc', 'gsm8k', 'wikitext']);
    expect(collected.problems.filter(({ effect }) => effect === 'left-out')).toEqual([]);
    expect(collected.rows.map(({ source }) => source)).toEqual(['merge-000', 'merge-001', 'merge-002']);

    // What collect.py gathers is what the studio reads from the files themselves.
    const paths = readdirSync(join(plan, 'results'), { recursive: true, encoding: 'utf8' }).filter((path) =>
      path.endsWith('.json'),
    );
    const read = readLmEval(
      paths.sort().map((path) => ({ path, text: readFileSync(join(plan, 'results', path), 'utf8') })),
      { coefficients: textOf(files, 'coefficients.csv') },
    );
    const withoutSource = (table: Parameters<typeof contentOf>[0]) => {
      const { rows, ...names } = contentOf(table);
      return { ...names, rows: rows.map(({ source: _source, ...row }) => row) };
    };
    expect(withoutSource(collected)).toEqual(withoutSource(read));
  });
});
