import { expect, it, vi } from 'vitest';
import type { Measurer } from '../measure-recipes.ts';
import { type LeaderboardOptions, leaderboard } from './leaderboard.ts';

const OPTIONS: LeaderboardOptions = {
  json: true,
  experts: 'digits,kana',
  samples: '64',
  tune: undefined,
  trained: false,
  methods: undefined,
};

/** Counts fewer right answers for every merge that follows, and remembers on what it was asked. */
const asked: string[] = [];
vi.mock('../measure-recipes.ts', async (original) => ({
  ...(await original<object>()),
  openMeasurer: async (): Promise<Measurer> => {
    let merges = 0;
    return {
      load: async () => {
        merges++;
        return { prepareMs: merges, combineMs: 1 };
      },
      count: async (tasks, split, n) => {
        asked.push(`${split} ${n}`);
        return Object.fromEntries(tasks.map((task) => [task, { correct: Math.max(0, n - merges), n }]));
      },
    };
  },
}));

async function run(options: Partial<LeaderboardOptions>): Promise<string> {
  asked.length = 0;
  const spy = vi.spyOn(process.stderr, 'write').mockImplementation(() => true);
  try {
    return await leaderboard({ ...OPTIONS, ...options });
  } finally {
    spy.mockRestore();
  }
}

it('measures every method that takes the mix on the test split, best first', async () => {
  const { rows, leftOut, n, experts } = JSON.parse(await run({}));
  expect(experts).toEqual(['digits', 'kana']);
  expect(n).toEqual({ test: 64, calibration: 64 });
  expect(rows.length).toBeGreaterThan(3);
  expect(new Set(asked)).toEqual(new Set(['test 64']));
  const averages = rows.map(({ average }: { average: number }) => average);
  expect(averages).toEqual(averages.toSorted((a: number, b: number) => b - a));
  expect(rows[0]).toMatchObject({ prepareMs: 1, combineMs: 1, n: 64, worst: { task: 'digits' } });
  for (const { reason } of leftOut) expect(reason).toMatch(/\.$/);
});

it('tunes every method with the same number of merges on calibration, and reports on test', async () => {
  const { rows, budget } = JSON.parse(await run({ tune: '5' }));
  expect(budget).toBe(5);
  for (const { tuned, untuned } of rows) expect(tuned?.evaluations ?? untuned).toBeTruthy();
  const tuned = rows.filter((row: { tuned?: object }) => row.tuned);
  for (const row of tuned) expect(row.tuned.evaluations).toBe(5);
  expect(asked.filter((each) => each === 'calibration 64')).toHaveLength(5 * tuned.length);
  expect(asked.filter((each) => each === 'test 64')).toHaveLength(rows.length + tuned.length);
});

it('prints a table that says on what it was measured', async () => {
  const text = await run({ json: false, tune: '2' });
  expect(text.split('\n')[0]).toBe(
    'digits, kana: test, n = 64 per task; tuned on calibration, 2 merges each, n = 64 per task',
  );
});

it.each([
  [{ experts: 'digits,nobody' }, '--experts: got "nobody", wanted all or some of digits,'],
  [{ samples: '0' }, '--samples: got "0", wanted a whole number from 1 to 512'],
  [{ tune: 'much' }, '--tune: got "much", wanted a whole number from 1 to 1000'],
])('refuses %o', async (options, message) => {
  await expect(run(options)).rejects.toThrow(message);
});

it('measures only what is named, chains as links have them too, and refuses what it does not know', async () => {
  const { rows } = JSON.parse(await leaderboard({ ...OPTIONS, methods: 'model-stock,trim-each+task-arithmetic' }));
  expect(rows.map(({ id }: { id: string }) => id).sort()).toEqual(['model-stock', 'trim-each+task-arithmetic']);
  await expect(leaderboard({ ...OPTIONS, methods: 'no-such' })).rejects.toThrow('got "no-such"');
  await expect(leaderboard({ ...OPTIONS, methods: 'no-such+ties' })).rejects.toThrow('no-such');
});
