import { describe, expect, it } from 'vitest';
import { lossObjective, taskObjective } from '../pareto/surrogate/objective.ts';
import type { Goal } from './objectives.ts';
import { bestOf, type Candidate, idealOf, picksOf } from './picks.ts';

const candidate = (id: string, ...values: readonly number[]): Candidate => ({
  id,
  kind: 'measured',
  coefficients: [],
  values,
  n: 64,
});
const goals: Goal[] = ['a', 'b'].map((id) => ({ id, objective: taskObjective(id, id), unit: 'share' }));
// Its middle is balanced, its knee lies towards b, and one point is beaten.
const all = [
  candidate('a', 0.9, 0.1),
  candidate('knee', 0.4, 0.86),
  candidate('even', 0.6, 0.6),
  candidate('b', 0.1, 0.9),
  candidate('beaten', 0.5, 0.5),
];
const chosen = (preference: Parameters<typeof picksOf>[2], front = bestOf(all, goals)) =>
  Object.fromEntries(picksOf(front, goals, preference).map(({ rule, candidate: { id } }) => [rule, id]));

describe('picks', () => {
  it('are made among the front, which a beaten merge is not on', () => {
    expect(bestOf(all, goals).map(({ id }) => id)).toEqual(['a', 'even', 'knee', 'b']);
    expect(chosen({ weights: {}, wish: {} })).toEqual({ balanced: 'even', knee: 'knee', weights: 'knee' });
  });

  it('follow the weights, of which only the proportions count', () => {
    expect(chosen({ weights: { a: 0.9, b: 0.1 }, wish: {} }).weights).toBe('a');
    expect(chosen({ weights: { a: 0.09, b: 0.01 }, wish: {} }).weights).toBe('a');
    expect(chosen({ weights: { a: 0, b: 0 }, wish: {} }).weights).toBeUndefined();
  });

  it('come near a wish, and say whether it is met', () => {
    const near = (wish: Readonly<Record<string, number>>) =>
      picksOf(bestOf(all, goals), goals, { weights: {}, wish }).find(({ rule }) => rule === 'wish');
    expect(near({})).toBeUndefined();
    expect(near({ a: 0.55, b: 0.55 })).toMatchObject({ candidate: { id: 'even' }, reached: true });
    expect(near({ a: 0.9, b: 0.9 })).toMatchObject({ reached: false });
    expect(near({ a: 0.85 })).toMatchObject({ candidate: { id: 'a' }, reached: true });
  });

  it('are none where nothing is left to choose from', () => {
    expect(chosen({ weights: {}, wish: { a: 1 } }, [])).toEqual({});
  });

  it('start a wish at the best of every goal', () => {
    expect(idealOf(all, goals)).toEqual({ a: 0.9, b: 0.9 });
  });

  it('take the smallest of what is to be small', () => {
    const losses: Goal[] = ['a', 'b'].map((id) => ({ id, objective: lossObjective(id, id), unit: 'nats' }));
    const front = bestOf(all, losses);
    expect(front.map(({ id }) => id)).toEqual(['b', 'knee', 'beaten', 'a']);
    expect(idealOf(all, losses)).toEqual({ 'loss:a': 0.1, 'loss:b': 0.1 });
    const wish = { 'loss:a': 0.95, 'loss:b': 0.15 };
    const [aimed] = picksOf(front, losses, { weights: {}, wish }).filter(({ rule }) => rule === 'wish');
    expect(aimed).toMatchObject({ candidate: { id: 'a' }, reached: true });
  });
});
