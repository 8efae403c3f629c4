import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { design } from '../design/design.ts';
import { predictFront } from '../front/front.ts';
import { expectClose } from '../quadratic.testing.ts';
import { preferredVector } from '../search/preference.ts';
import { quadraticOf } from '../surrogate/features.ts';
import { ACCURACY } from '../surrogate/link.ts';
import { emptyFit, observe, surrogateOf } from '../surrogate/surrogate.ts';
import { accuracyAt, scoreAt, solve } from './nested.testing.ts';
import { nested } from './nested.ts';
import { type LeafNode, pooled, type Sample, solved } from './node.ts';
import { measuredIn, rescored, treeOf } from './rescore.ts';
import { closestPair, leavesOf } from './tree.ts';

const FOUR = { experts: 4, preferences: [0.4, 0.3, 0.2, 0.1], seed: 3 };
const BALANCED = [
  [0, 1],
  [2, 3],
] as const;
const CHAIN = [[[0, 1], 2], 3] as const;

describe('a weighted mean of scores', () => {
  it('has the variance of a mean over as many answers', () => {
    const { correct, n } = pooled(
      [
        { correct: 80, n: 100 },
        { correct: 30, n: 50 },
      ],
      [3, 1],
    );
    expect(correct / n).toBeCloseTo((3 * 0.8 + 0.6) / 4, 12);
    expect(1 / n).toBeCloseTo(0.75 ** 2 / 100 + 0.25 ** 2 / 50, 12);
  });

  it('of one score is that score, and never more than all are correct', () => {
    const score = fc.integer({ min: 1, max: 500 }).map((n) => ({ correct: n, n }));
    fc.assert(
      fc.property(
        fc.array(score, { minLength: 1, maxLength: 9 }),
        fc.array(fc.double({ min: 0.01, max: 1, noNaN: true }), { minLength: 9, maxLength: 9 }),
        (scores, weights) => {
          const { correct, n } = pooled(scores, weights.slice(0, scores.length));
          expect(correct).toBeLessThanOrEqual(n);
          expectClose([pooled(scores.slice(0, 1), [0]).n / (scores[0]?.n ?? 0)], [1], 1e-12);
        },
      ),
    );
  });
});

describe('nested MAP', () => {
  it('of two experts is plain MAP with a weighted pick', () => {
    const preferences = [0.7, 0.3];
    const { result } = solve({ experts: 2, preferences, seed: 5, points: 15 });
    const axis = { min: 0, max: 1, perExpert: true };
    const points = design([axis, axis], 15, 5);
    const surrogates = [0, 1].flatMap((task) => {
      const fit = emptyFit(2);
      for (const c of points) observe(fit, c, scoreAt(c, task));
      return surrogateOf(fit) ?? [];
    });
    const front = predictFront(surrogates, [axis, axis], { seed: 5, known: points });
    const wanted = preferredVector(
      { coefficients: front.map((p) => p.coefficients), values: front.map((p) => p.estimates.map(({ mean }) => mean)) },
      preferences,
      surrogates.map(({ beta }) => ({ quadratic: quadraticOf(beta, 2), metric: ACCURACY })),
      [axis, axis],
    );
    // Preferences are rounded to 30 bits.
    expectClose(result.root.coefficients, wanted ?? [], 1e-6);
  });

  it('needs N − 1 nodes, and asks for each merge once', () => {
    const { result, batches } = solve({ ...FOUR, tree: BALANCED });
    expect(result.nodes.map(({ id }) => id)).toEqual(['(0,1)', '(2,3)', '((0,1),(2,3))']);
    const asked = batches.flatMap(({ merges }) =>
      merges.flatMap(({ coefficients, tasks }) => tasks.map((t) => `${coefficients} ${t}`)),
    );
    expect(new Set(asked).size).toBe(asked.length);
    expect(result.taskEvaluations).toBe(asked.length);
    expect(result.merges).toBe(batches.reduce((sum, { merges }) => sum + merges.length, 0));
    // 20 merges of two tasks, twice, and of four tasks, and a pick each: less what was known already.
    expect(asked.length).toBeLessThanOrEqual(20 * 2 + 20 * 2 + 20 * 4 + 2 + 2 + 4 + 4);
    expect(asked.length).toBeGreaterThan(140);
  });

  it.each([
    ['balanced', BALANCED],
    ['chain', CHAIN],
    ['nearest', undefined],
  ] as const)('multiplies coefficients along the paths, %s', (_, tree) => {
    const { result } = solve({ ...FOUR, ...(tree && { tree }) });
    expect(leavesOf(treeOf(result.root)).toSorted()).toEqual([0, 1, 2, 3]);
    for (const { pick, left, right, coefficients, leaves, scores } of result.nodes) {
      const [a = 0, b = 0] = pick;
      expectClose(
        coefficients,
        left.coefficients.map((value, i) => a * value + b * (right.coefficients[i] ?? 0)),
        1e-15,
      );
      expect(coefficients.every((value) => value >= 0)).toBe(true);
      expect(coefficients.every((value, i) => leaves.includes(i) || value === 0)).toBe(true);
      expectClose(
        (scores ?? []).map(({ correct, n }) => correct / n),
        leaves.map((leaf) => accuracyAt(coefficients, leaf)),
        1e-12,
      );
    }
  });

  it('pairs by measured accuracy when no tree is drawn', () => {
    const { result } = solve(FOUR);
    const alone = [0, 1, 2, 3].map((i) =>
      accuracyAt(
        [0, 1, 2, 3].map((j) => (i === j ? 1 : 0)),
        i,
      ),
    );
    const [a = 0, b = 0] = closestPair(alone);
    expect(result.nodes[0]?.id).toBe(`(${a},${b})`);
  });

  it('sees only the proportions of the preferences', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 3, maxLength: 3 }), (preferences) => {
        const tree = [0, [1, 2]] as const;
        const plain = solve({ experts: 3, preferences, tree, seed: 1, points: 8 });
        const scaled = solve({ experts: 3, preferences: preferences.map((w) => 0.1 * w), tree, seed: 1, points: 8 });
        expect(scaled.result.root).toEqual(plain.result.root);
      }),
      { numRuns: 10 },
    );
  });

  it('does not care which side of a node is drawn first', () => {
    const drawn = solve({
      ...FOUR,
      tree: [
        [3, 2],
        [1, 0],
      ],
    });
    expect(drawn.result.root).toEqual(solve({ ...FOUR, tree: BALANCED }).result.root);
  });

  it('serves the preferred task: all weight on one beats equal weights there', () => {
    const all = solve({ ...FOUR, preferences: [0, 0, 1, 0], tree: BALANCED }).result.root;
    const equal = solve({ ...FOUR, preferences: [1, 1, 1, 1], tree: BALANCED }).result.root;
    expect(accuracyAt(all.coefficients, 2)).toBeGreaterThan(accuracyAt(equal.coefficients, 2));
  });

  it('restricted to measured merges is never worse on the preferred task than its expert alone', () => {
    for (let task = 0; task < 4; task++) {
      const preferences = [0, 1, 2, 3].map((i) => (i === task ? 1 : 0));
      const { root } = solve({ ...FOUR, preferences, tree: BALANCED, pickFrom: 'samples' }).result;
      const alone = accuracyAt(preferences, task);
      expect(accuracyAt(root.coefficients, task)).toBeGreaterThanOrEqual(alone - 1e-12);
    }
  });

  it('continues where it was stopped without asking twice', () => {
    const whole = solve({ ...FOUR, tree: BALANCED });
    const [first, second] = whole.result.nodes;
    const measured = [...measuredIn(first ?? whole.result.root), ...measuredIn(second ?? whole.result.root)];
    const rest = solve({ ...FOUR, tree: BALANCED, measured });
    expect(rest.result.root).toEqual(whole.result.root);
    expect(new Set(rest.batches.map(({ node }) => node))).toEqual(new Set(['((0,1),(2,3))']));
    expect(solve({ ...FOUR, tree: BALANCED, measured: measuredIn(whole.result.root) }).batches).toEqual([]);
  });

  it('shows the nodes that are complete while it runs', () => {
    const { batches } = solve({ ...FOUR, tree: BALANCED });
    expect(batches.at(-1)?.nodes.map(({ id }) => id)).toEqual(['(0,1)', '(2,3)']);
  });

  it('samples and searches as far as it is told', () => {
    const { root } = solve({ ...FOUR, tree: BALANCED, range: { min: 0, max: 1.5 } }).result;
    const reach = root.kind === 'pair' ? Math.max(...root.samples.flatMap(({ c }) => c)) : 0;
    expect(reach).toBeGreaterThan(1.4);
    expect(reach).toBeLessThanOrEqual(1.5);
  });

  it('refuses wrong preferences, ranges, trees and replies in words', () => {
    expect(() => nested({ ...FOUR, preferences: [1, 2] }).next()).toThrow('preferences are [1, 2]; wanted 4');
    expect(() => nested({ ...FOUR, range: { min: 0, max: 0.5 } }).next()).toThrow('go from 0 to 0.5');
    expect(() => nested({ ...FOUR, tree: [0, 1] }).next()).toThrow('the leaves 0, 1');
    expect(() => solve({ ...FOUR, points: 5 })).toThrow('5 measured merges; wanted at least 6');
    const steps = nested(FOUR);
    steps.next();
    expect(() => steps.next([])).toThrow('merge 0 of node 0 has 0 scores; wanted 1');
  });
});

describe('a node', () => {
  it('swaps its pick with its models', () => {
    const leaf = (i: number): LeafNode => ({
      kind: 'leaf',
      id: String(i),
      leaves: [i],
      coefficients: [i === 0 ? 1 : 0, i === 1 ? 1 : 0],
      scores: undefined,
    });
    const axis = { min: 0, max: 1, perExpert: true };
    const samples: Sample[] = design([axis, axis], 12, 2).map((c) => ({
      c,
      coefficients: c,
      scores: [scoreAt(c, 0), scoreAt(c, 1)],
    }));
    const turned = samples.map(({ c, coefficients, scores }) => ({
      c: c.toReversed(),
      coefficients,
      scores: scores.toReversed(),
    }));
    const options = { range: { min: 0, max: 1 }, seed: 1, pickFrom: 'front' } as const;
    const plain = solved(leaf(0), leaf(1), samples, [2, 1], options);
    const swapped = solved(leaf(1), leaf(0), turned, [2, 1], options);
    expectClose(swapped.pick.toReversed(), plain.pick, 1e-3);
  });
});

describe('other preferences', () => {
  const options = { ...FOUR, tree: BALANCED };
  const { root } = solve(options).result;

  it('that are the same ones change nothing and need nothing', () => {
    expect(rescored(root, FOUR)).toEqual({ root, missing: [] });
  });

  it('between the two halves move only the root, which needs one new merge', () => {
    const preferences = [0.04, 0.03, 0.2, 0.1];
    const moved = rescored(root, { ...FOUR, preferences });
    expect(moved.missing).toEqual([{ node: root.id, needs: 'pick' }]);
    const again = solve({ ...options, preferences, measured: measuredIn(root) });
    expect(again.batches.map(({ node, purpose, merges }) => [node, purpose, merges.length])).toEqual([
      [root.id, 'pick', 1],
    ]);
    expect(again.result.root.coefficients).toEqual(moved.root.coefficients);
  });

  it('inside a half move that half, and its ancestors need new samples', () => {
    const preferences = [0.1, 0.6, 0.2, 0.1];
    expect(rescored(root, { ...FOUR, preferences }).missing).toEqual([
      { node: '(0,1)', needs: 'pick' },
      { node: root.id, needs: 'samples' },
    ]);
  });

  it('need exactly the nodes for which a new run asks', () => {
    const weight = fc.integer({ min: 0, max: 4 });
    fc.assert(
      fc.property(fc.tuple(weight, weight, weight, weight), fc.constantFrom(BALANCED, CHAIN), (preferences, tree) => {
        const before = solve({ ...FOUR, tree }).result.root;
        const { missing } = rescored(before, { ...FOUR, preferences });
        const again = solve({ ...FOUR, preferences, tree, measured: measuredIn(before) });
        expect([...new Set(again.batches.map(({ node }) => node))]).toEqual(missing.map(({ node }) => node));
      }),
      { numRuns: 12 },
    );
  });

  it('need no new merges at all where the pick is one of the samples', () => {
    const measuredOnly = solve({ ...options, pickFrom: 'samples' }).result.root;
    const preferences = [0.04, 0.03, 0.2, 0.1];
    const moved = rescored(measuredOnly, { ...FOUR, preferences, pickFrom: 'samples' });
    expect(moved.missing).toEqual([]);
    expect(moved.root.coefficients).not.toEqual(measuredOnly.coefficients);
  });
});
