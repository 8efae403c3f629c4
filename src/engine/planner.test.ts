import { expect, it } from 'vitest';
import { makePlan, type PlanFrom, type PlanReply } from './planner.ts';

const axes = ['b', 'a'].map((name) => ({ name, min: 0.2, max: 0.8, perExpert: false }));
const sampled = { axes, known: [[0.25, 0.75]] };
const yaml = `merge_method: linear
models:
  - model: org/a
    parameters: { weight: 0.5 }
  - model: org/b
    parameters: { weight: 0.5 }
`;

function offer(from: PlanFrom, count?: number, tasks = ''): Extract<PlanReply, { kind: 'offer' }> {
  const reply = makePlan({ from, tasks, ...(count !== undefined && { count }) });
  if (reply.kind === 'refused') throw new Error(reply.reasons.join());
  return reply;
}

it('plans twice the unknowns inside the sampled box unless told otherwise', () => {
  const { count, unknowns, known, archive, title } = offer({ kind: 'names', sampled });
  expect({ count, unknowns, known, title }).toEqual({
    count: 12,
    unknowns: 6,
    known: 1,
    title: 'task_arithmetic of b, a',
  });
  expect('paths' in archive && archive.paths.filter((path) => path.startsWith('configs/'))).toHaveLength(12);
});

it('goes on with a configuration where measurements of the same coefficients end', () => {
  const from = { kind: 'configuration', name: 'merge.yaml', text: yaml } as const;
  const further = offer({ ...from, sampled });
  expect(further.axes.map(({ name, min, max }) => [name, min, max])).toEqual([
    ['a', 0.2, 0.8],
    ['b', 0.2, 0.8],
  ]);
  expect(further.known).toBe(1);
  const own = offer({ ...from, sampled: { axes: axes.slice(1), known: [[0.5]] } });
  expect(own.axes.map(({ name, min, max }) => [name, min, max])).toEqual([
    ['a', 0, 1],
    ['b', 0, 1],
  ]);
  expect(own.known).toBe(0);
});

it('says what is wrong with a configuration by its line, and with tasks that are no names', () => {
  const text = 'merge_method: linear\nmodels: []';
  expect(makePlan({ from: { kind: 'configuration', name: 'bad.yml', text, sampled: null }, tasks: '' })).toEqual({
    kind: 'refused',
    reasons: [expect.stringMatching(/bad\.yml, line \d+: models is missing or empty/)],
  });
  expect(offer({ kind: 'names', sampled }, 3, 'a;rm').archive).toEqual({
    refusal: expect.stringMatching(/wanted names/),
  });
});
