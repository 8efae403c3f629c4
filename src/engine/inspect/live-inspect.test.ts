/** The networks on the screen, of a tiny family: what is inspected is what is merged and measured. */
import { beforeAll, describe, expect, it } from 'vitest';
import { sharesAt } from '../../core/stats/plane.ts';
import { withCoefficients } from '../../formats/coefficients.ts';
import { errorAtRank } from '../../formats/lora/extracted.ts';
import { openingRecipe, withMethod } from '../../formats/recipe.ts';
import { metadata } from '../../methods/metadata.ts';
import { openBackend } from '../backend.ts';
import { createEvaluator } from '../evaluator.ts';
import { createMerger } from '../merger.ts';
import { TINY_TASKS, tinyZoo } from '../testing/tiny-zoo.testing.ts';
import { openZoo } from '../zoo.ts';
import { mixed } from './landscape.ts';
import { createInspection } from './live-inspect.ts';
import { changeBetween, withLora } from './live-lora.ts';

function setting() {
  const { card, read } = tinyZoo();
  const zoo = openZoo(card, read);
  let time = 0;
  const opening = openingRecipe(card, metadata);
  return {
    zoo,
    opening,
    inspection: createInspection(
      zoo,
      () => {},
      () => time++,
    ),
  };
}

describe('the networks on the screen', () => {
  beforeAll(async () => {
    await openBackend({ wasmPaths: '', among: ['cpu'] });
  });

  it('are those of the zoo, and merges as the merger makes them', async () => {
    const { zoo, opening, inspection } = setting();
    const set = { experts: TINY_TASKS, merges: [{ id: 'now', recipe: opening }] };
    const survey = await inspection.survey(set);
    expect(survey.models.map(({ id, role }) => `${role} ${id}`)).toEqual([
      'base base',
      'expert digits',
      'expert greek',
      'expert kana',
      'merge now',
    ]);
    const merger = createMerger(zoo, () => 0);
    const merged = await merger.merge(opening);
    const weights = await merger.read(merged.weights);
    const total = survey.tensors.reduce((sum, { weights: products }) => sum + (products[4 * 5 + 4] ?? 0), 0);
    expect(total).toBeCloseTo(
      weights.reduce((sum, value) => sum + value * value, 0),
      6,
    );
  });

  it('a merge that is an expert differs from it nowhere, and has its scores', async () => {
    const { zoo, opening, inspection } = setting();
    const recipe = withCoefficients(opening, metadata, [1, 0, 0]);
    const set = { experts: TINY_TASKS, merges: [{ id: 'one', recipe }] };
    const differences = await inspection.difference(set, 'one', 'digits');
    expect(differences.every(({ norm, share }) => norm === 0 && share === 0)).toBe(true);
    const matrix = await inspection.alignment(set, 'digits', 16);
    expect(matrix[4]?.[1]).toBeCloseTo(1, 9);
    const evaluator = createEvaluator(zoo);
    evaluator.use({ weights: await zoo.model('digits') });
    const wanted = await evaluator.count({ task: 'kana', split: 'test', from: 0, to: 16 });
    const at = (shares: Readonly<Record<string, number>>) =>
      inspection.score(set, { shares, tasks: ['kana'], samples: 16 });
    expect(await at({ base: 0, digits: 1 })).toEqual({ kana: wanted });
    expect(await at({ one: 1 })).toEqual({ kana: wanted });
  });

  it('lie on their own plane, and an average in it has no distance from it', async () => {
    const { zoo, opening, inspection } = setting();
    const recipe = withCoefficients(opening, metadata, [0.5, 0.25, 0]);
    const set = { experts: TINY_TASKS, merges: [{ id: 'mix', recipe }] };
    const slice = await inspection.slice(set, ['base', 'digits', 'greek'], ['mix', 'kana']);
    if (!slice) throw new Error('they are not on a line');
    const [inside, outside] = slice.shadows;
    expect(inside?.distance).toBeLessThan(1e-3);
    expect(outside?.distance).toBeGreaterThan(0.1);
    const shares = sharesAt(slice.plane, inside?.x ?? 0, inside?.y ?? 0);
    expect(shares).toEqual([expect.closeTo(0.25, 5), expect.closeTo(0.5, 5), expect.closeTo(0.25, 5)]);
    const all = await Promise.all(['base', 'digits', 'greek'].map((id) => zoo.model(id)));
    const made = mixed(all.map((weights, i) => ({ weights, share: shares[i] ?? 0 })));
    const change = await inspection.difference(set, 'mix', 'base');
    const base = await zoo.model('base');
    const norm = Math.sqrt(made.reduce((sum, value, i) => sum + (value - (base[i] ?? 0)) ** 2, 0));
    expect(Math.sqrt(change.reduce((sum, one) => sum + one.norm ** 2, 0))).toBeCloseTo(norm, 4);
    expect(await inspection.slice(set, ['base', 'base', 'greek'], [])).toBeNull();
  });

  it('of a pack are the networks of its tasks; one of another depth is left out with the reason', async () => {
    const { opening, inspection } = setting();
    const pack = metadata.methods.find(({ result }) => result !== 'single');
    if (!pack) throw new Error('there is a method that makes a pack');
    const recipe = withMethod(opening, metadata, pack.id);
    const survey = await inspection.survey({ experts: ['digits'], merges: [{ id: 'pack', recipe }] });
    expect(survey.models.slice(2).map(({ id, task }) => [id, task])).toEqual(
      recipe.experts.map((task) => [`pack/${task}`, task]),
    );
  });

  it('one call after the other: a failed one does not keep the next from its end', async () => {
    const { inspection } = setting();
    const set = { experts: ['digits'], merges: [] };
    const bad = inspection.score(set, { shares: { nobody: 1 }, tasks: ['digits'], samples: 4 });
    const good = inspection.score(set, { shares: { base: 1 }, tasks: ['digits'], samples: 4 });
    await expect(bad).rejects.toThrow('No network "nobody"');
    expect((await good).digits?.n).toBe(4);
  });

  it('with every direction an adapter gives the matrices of the merge, and with one what the singular values say', async () => {
    const { zoo, opening, inspection } = setting();
    const set = { experts: TINY_TASKS, merges: [{ id: 'now', recipe: opening }] };
    const { held, left, whole } = await inspection.lora(set, 'now');
    expect([...held, ...left].length).toBeGreaterThan(held.length);
    const merger = createMerger(zoo, () => 0);
    const merged = await merger.read((await merger.merge(opening)).weights);
    const base = await zoo.model('base');
    const change = await changeBetween(zoo.table, merged, base, 'base');
    const most = Math.max(...held.map(({ values }) => values.length));
    const missed = (rank: number, rest: 'leave-out' | 'in-full' = 'leave-out') => {
      const weights = withLora(zoo.table, { base, model: merged }, change, { rank, rest });
      return Math.sqrt(
        merged.reduce((sum, value, i) => sum + (value - (weights[i] ?? 0)) ** 2, 0) /
          merged.reduce((sum, value, i) => sum + (value - (base[i] ?? 0)) ** 2, 0),
      );
    };
    for (const rank of [1, 2, most]) expect(missed(rank)).toBeCloseTo(errorAtRank([...held, ...left], rank), 5);
    expect(errorAtRank(held, most)).toBeLessThan(1e-3);
    // What is left in full mode is a parameter of the network itself.
    expect(whole.nowhere).toEqual(['pos_embed']);
    const own = left.map((tensor) =>
      tensor.name === 'pos_embed' ? tensor : { ...tensor, values: [Math.sqrt(tensor.energy)] },
    );
    expect(missed(most, 'in-full')).toBeCloseTo(errorAtRank([...held, ...own], most), 4);
    const evaluator = createEvaluator(zoo);
    evaluator.use({ weights: withLora(zoo.table, { base, model: merged }, change, { rank: 2, rest: 'leave-out' }) });
    const wanted = await evaluator.count({ task: 'kana', split: 'test', from: 0, to: 16 });
    const scores = await inspection.loraScore(set, {
      model: 'now',
      rank: 2,
      rest: 'leave-out',
      tasks: ['kana'],
      samples: 16,
    });
    expect(scores).toEqual({ kana: wanted });
  });
});
