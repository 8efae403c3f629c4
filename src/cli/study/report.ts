/** The results as a Markdown page; every number in it comes from the results. */
import { fitFigures, grouped, REFERENCE, shareOf, verdicts } from './figures.ts';
import type { FitResult } from './fit-study.ts';
import type { FrontResult, WayName } from './front-study.ts';
import { BATCH, CHOSEN, RANDOM_SEED } from './sizes.ts';
import type { Spread } from './volumes.ts';

export interface Results {
  readonly family: string;
  /** Samples per task. */
  readonly samples: { readonly calibration: number; readonly test: number };
  readonly fits: readonly FitResult[];
  readonly fronts: readonly FrontResult[];
}

const WAYS: Readonly<Record<WayName, string>> = {
  'map-batches': 'MAP: design, then Thompson batches, as on the page',
  'map-front': 'MAP: design, then its predicted front measured',
  design: 'the design alone',
  random: 'random merges',
  'shared-lambda': 'one λ for all experts',
  'rewarded-soups': 'rewarded soups (Σλ = 1)',
};

/** Which volumes are compared, in the order of their columns. */
const ABOVE = [
  { above: 'zero', split: 'calibration', words: 'above 0 %' },
  { above: 'worst', split: 'calibration', words: 'above the worst' },
  { above: 'zero', split: 'test', words: 'test, above 0 %' },
  { above: 'worst', split: 'test', words: 'test, above the worst' },
] as const;

export function asMarkdown(results: Results): string {
  const { fits, fronts, samples } = results;
  return [
    '# MAP on the real zoo, measured',
    '',
    ...head(results),
    '',
    '## How well surrogates predict merges that they never saw',
    '',
    `Task arithmetic; fitted on twice as many merges as a quadratic has unknowns (the studio’s own design), on ${samples.calibration} calibration samples per task, and tried on random merges of the same box. Means over tasks and designs, in brackets the lowest and the highest. *Deviation*: how far the accuracies held out scatter around their mean; where that is little, a small error already costs much of R². *Test*: surrogates fitted on ${samples.test} test samples, tried on the same.`,
    '',
    ...table(
      [
        'experts',
        'fitted on',
        'held out',
        'designs',
        'hold-out R²',
        'leave-one-out R²',
        'RMSE',
        'deviation',
        'test R²',
      ],
      grouped(fits, ({ experts }) => experts.join(', ')).map(([name, own]) => fitRow(name, own)),
    ),
    '',
    'By task, means over the designs:',
    '',
    ...table(
      ['experts', 'task', 'hold-out R²', 'leave-one-out R²', 'RMSE', 'deviation', 'test R²'],
      grouped(fits, ({ experts }) => experts.join(', ')).flatMap(([name, own]) => taskRows(name, own)),
    ),
    '',
    '## What the merges cover',
    '',
    `Hypervolume of all measured merges of a run as a share of the reference’s, chosen on the calibration split; *test*: of the same chosen merges on ${samples.test} test samples. Above 0 % of every task, and above the worst accuracy of every task in the reference, which flatters less. Means over runs, in brackets the lowest and the highest.`,
    ...fronts.flatMap((front) => ['', `### ${front.experts.join(', ')}`, '', ...frontSection(front)]),
    '',
    '## How to run it again',
    '',
    '```sh',
    'npm run study',
    '```',
    '',
    `It writes this page and \`map.json\`. Every merge is kept in \`.cache/study-merges\`, so that a run that was stopped goes on; without that folder it takes about an hour on two cores. Everything is seeded (designs ${seedsOf(fits).join(', ')}; random merges ${RANDOM_SEED}; λ in [0, 1]): a second run gives the same numbers.`,
    '',
  ].join('\n');
}

/** What a reader in a hurry wants: the goals, what was measured, and other ways to spend as many merges beside. */
function head({ family, fits, fronts, samples }: Results): string[] {
  const bySize = grouped(fronts, ({ experts }) => experts.length);
  const columns = bySize.flatMap(([n, own]) =>
    ABOVE.map(({ words, ...of }) => ({ title: `${n} experts, ${words}`, own, ...of })),
  );
  const ways = fronts[0]?.ways.map(({ name }) => name) ?? [];
  return [
    `Real merges of \`${family}\` by task arithmetic, ${samples.calibration} calibration samples per task. A design has twice as many merges as a quadratic has unknowns; for the fronts ${CHOSEN} more are chosen as on the page, in batches of ${BATCH}. Below, what each way to choose merges covers of the reference’s hypervolume (means); the reference also picks the luckiest of its many merges, hence the test split beside.`,
    '',
    ...table(
      ['goal', 'wanted', 'measured', ''],
      verdicts(fits, fronts).map(({ what, wanted, measured, met }) => [
        what,
        wanted,
        what.startsWith('hold-out') ? range(measured, decimal) : range(measured, percent),
        met ? 'met' : 'missed',
      ]),
    ),
    '',
    ...table(
      ['merges chosen by', ...columns.map(({ title }) => title)],
      ways.map((name) => [
        WAYS[name],
        ...columns.map(({ own, above, split }) => percent(shareOf(own, name, above, split).mean)),
      ]),
    ),
  ];
}

function fitRow(name: string, own: readonly FitResult[]): string[] {
  const { designs, r2, looR2, rmse, deviation, testR2 } = fitFigures(own);
  const [first] = own;
  return [
    name,
    `${first?.fitted}`,
    `${first?.heldOut}`,
    `${designs}`,
    range(r2, decimal),
    range(looR2, decimal),
    points(rmse),
    points(deviation),
    range(testR2, decimal),
  ];
}

function taskRows(name: string, own: readonly FitResult[]): string[][] {
  const tasks = own[0]?.tasks.map(({ task }) => task) ?? [];
  return tasks.map((task) => {
    const one = own.map((result) => ({ ...result, tasks: result.tasks.filter((each) => each.task === task) }));
    const { r2, looR2, rmse, deviation, testR2 } = fitFigures(one);
    return [name, task, decimal(r2.mean), decimal(looR2.mean), points(rmse), points(deviation), decimal(testR2.mean)];
  });
}

function frontSection(result: FrontResult): string[] {
  const { reference, ways } = result;
  const worst = result.experts.map((task, m) => `${task} ${percent(reference.worst[m] ?? 0)}`).join(', ');
  return [
    `Share of ${REFERENCE[reference.kind](reference.merges)} volume (${reference.front} of these merges on its front). Worst: ${worst}.`,
    '',
    ...table(
      ['merges chosen by', 'merges', 'runs', ...ABOVE.map(({ words }) => words)],
      ways.map(({ name, merges, runs }) => [
        WAYS[name],
        `${merges}`,
        `${runs.length}`,
        ...ABOVE.map(({ above, split }) => range(shareOf([result], name, above, split), percent)),
      ]),
    ),
  ];
}

const seedsOf = (fits: readonly FitResult[]): number[] => [...new Set(fits.map(({ seed }) => seed))];

const decimal = (value: number): string => value.toFixed(3).replace('-', '−');
const percent = (share: number): string => `${(100 * share).toFixed(1).replace('-', '−')} %`;
/** Of accuracies, in percentage points. */
const points = (value: number): string => `${(100 * value).toFixed(1)} pp`;

function range({ mean, min, max }: Spread, words: (value: number) => string): string {
  return min === max ? words(mean) : `${words(mean)} [${words(min)} – ${words(max)}]`;
}

function table(header: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(header), line(header.map(() => '---')), ...rows.map(line)];
}
