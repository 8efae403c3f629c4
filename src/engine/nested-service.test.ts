import { describe, expect, it } from 'vitest';
import { accuracyAt, scoreAt, solve } from '../pareto/nested/nested.testing.ts';
import type { MeasuredPoint } from '../pareto/point.ts';
import { createNested, type NestedRequest, type NestedStatus } from './nested-service.ts';

const TASKS = ['a', 'b', 'c', 'd'];
const BALANCED = [
  [0, 1],
  [2, 3],
] as const;
const request: NestedRequest = {
  tasks: TASKS,
  points: [],
  preferences: [0.4, 0.3, 0.2, 0.1],
  parts: [BALANCED],
  seed: 3,
  pointsPerNode: 8,
  range: { min: 0, max: 1 },
};

/** Measures a merge on some tasks; what was measured of it before stays. */
function measure(points: readonly MeasuredPoint[], coefficients: readonly number[], tasks: readonly number[]) {
  const mergeId = coefficients.join();
  const known = points.find((point) => point.mergeId === mergeId);
  const own = Object.fromEntries(tasks.map((i) => [TASKS[i] ?? '', scoreAt(coefficients, i)]));
  const scores = { ...known?.calibration, ...own };
  return [...points.filter((point) => point !== known), { coefficients, calibration: scores, test: scores, mergeId }];
}

/** Asks and measures until nothing is left. */
function run(wanted: NestedRequest, ask = createNested()) {
  let points = wanted.points;
  const seen: NestedStatus[] = [ask(wanted)];
  for (;;) {
    const next = seen.at(-1)?.next;
    if (!next) break;
    for (const { coefficients, tasks } of next.merges) points = measure(points, coefficients, tasks);
    seen.push(ask({ ...wanted, points }));
  }
  const last = seen.at(-1);
  if (!last) throw new Error('nothing was answered');
  return { last, seen, points };
}

const rootOf = ({ nodes }: NestedStatus) => nodes.at(-1);

describe('nested MAP as a service', () => {
  const { last, seen, points } = run(request);

  it('replayed from request to request finds what the search finds in one go', () => {
    const { root } = solve({ ...request, experts: 4, tree: BALANCED, points: 8 }).result;
    expect(rootOf(last)?.pick?.coefficients).toEqual(root.coefficients);
    expect(last.nodes.map(({ id, state }) => [id, state])).toEqual([
      ['(0,1)', 'done'],
      ['(2,3)', 'done'],
      ['((0,1),(2,3))', 'done'],
    ]);
    expect(last.remaining).toEqual({ merges: 0, taskEvaluations: 0 });
  });

  it('says from the start what is drawn, and never too little of what is left', () => {
    expect(seen[0]?.nodes.map(({ state }) => state)).toEqual(['waiting', 'waiting', 'waiting']);
    for (const [i, { remaining }] of seen.entries()) {
      const merges = seen.slice(i).reduce((sum, { next }) => sum + (next?.merges.length ?? 0), 0);
      expect(remaining.merges).toBeGreaterThanOrEqual(merges);
    }
    expect(seen[0]?.remaining.merges).toBe(4 + 3 * 9);
  });

  it('shows a merge as soon as it is measured, and the choice before it is', () => {
    const first = seen.find(({ next }) => next?.node === '(0,1)' && (next?.merges.length ?? 0) > 1);
    if (!first?.next) throw new Error('the first node asks for nothing');
    const two = first.next.merges
      .slice(0, 2)
      .reduce(
        (sum, { coefficients, tasks }) => measure(sum, coefficients, tasks),
        measure(measure([], [1, 0, 0, 0], [0]), [0, 1, 0, 0], [1]),
      );
    const node = createNested()({ ...request, points: two }).nodes.find(({ id }) => id === '(0,1)');
    expect(node).toMatchObject({ state: 'sampling', front: [], pick: null, n: 1000 });
    expect(node?.samples.map(({ x, y, coefficients }) => [x, y, coefficients])).toEqual(
      two.slice(-2).map(({ coefficients }) => [accuracyAt(coefficients, 0), accuracyAt(coefficients, 1), coefficients]),
    );
    const choosing = seen.flatMap(({ nodes }) => nodes).find(({ state }) => state === 'choosing');
    expect(choosing?.pick?.measured).toBeNull();
    expect(choosing?.front.length).toBeGreaterThan(2);
  });

  it('tells the result by task, predicted and measured', () => {
    const coefficients = rootOf(last)?.pick?.coefficients ?? [];
    expect(last.result?.map(({ task, calibration, test }) => [task, calibration, test])).toEqual(
      TASKS.map((task, i) => [task, scoreAt(coefficients, i), scoreAt(coefficients, i)]),
    );
    for (const [i, { predicted }] of (last.result ?? []).entries())
      expect(Math.abs((predicted?.mean ?? 0) - accuracyAt(coefficients, i))).toBeLessThan(0.05);
    expect(last.alone).toEqual(
      [0, 1, 2, 3].map((i) =>
        scoreAt(
          [0, 1, 2, 3].map((j) => Number(i === j)),
          i,
        ),
      ),
    );
  });

  it('pairs what is not drawn by nearest accuracy', () => {
    const drawn = run({ ...request, parts: [[3, 1]] });
    expect(drawn.seen[0]?.nodes.map(({ id }) => id)).toEqual(['(1,3)']);
    expect(drawn.last.nodes.map(({ id }) => id)).toContain('(1,3)');
    expect(rootOf(drawn.last)?.leaves).toHaveLength(4);
    const { root } = solve({ ...request, experts: 4, points: 8, parts: [] }).result;
    expect(rootOf(run({ ...request, parts: [] }).last)?.id).toBe(root.id);
  });

  it('chooses anew for other preferences, and says which nodes need what', () => {
    const between = { ...request, points, preferences: [0.04, 0.03, 0.2, 0.1], before: request.preferences };
    const moved = createNested()(between);
    expect(moved.nodes.map(({ state }) => state)).toEqual(['done', 'done', 'choosing']);
    expect(moved.remaining).toEqual({ merges: 1, taskEvaluations: 4 });
    expect(moved.result?.every(({ predicted, calibration }) => predicted && !calibration)).toBe(true);
    expect(rootOf(moved)?.pick?.coefficients).not.toEqual(rootOf(last)?.pick?.coefficients);

    const inside = createNested()({ ...between, preferences: [0.1, 0.6, 0.2, 0.1] });
    expect(inside.nodes.map(({ state }) => state)).toEqual(['choosing', 'done', 'outdated']);
    expect(inside.nodes.at(-1)?.samples).toHaveLength(8);
    expect(inside.remaining.merges).toBe(1 + 9);
  });

  it('needs nothing for preferences that were measured before, whatever was in between', () => {
    const other = run({ ...request, points, preferences: [0.1, 0.6, 0.2, 0.1], before: request.preferences });
    expect(other.last.next).toBeNull();
    const back = createNested()({ ...request, points: other.points, before: [0.1, 0.6, 0.2, 0.1] });
    expect(back.next).toBeNull();
    expect(rootOf(back)).toEqual(rootOf(last));
  });

  it('counts values that are no counts of answers as not measured', () => {
    const losses = points.map((point) => ({ ...point, calibration: { a: { value: 0.3, n: 10 } } }));
    expect(createNested()({ ...request, points: losses }).alone).toEqual([null, null, null, null]);
  });
});
