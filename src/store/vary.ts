/** Keeps measured merges in the study that they belong to when something else is varied: none is measured twice for it. */
import catalogue from 'virtual:catalogue';
import type { Card } from '../formats/card.ts';
import type { Space } from '../formats/coefficients.ts';
import { selectSpace } from './space.ts';
import type { ParetoPoint } from './state.ts';
import { useStudio } from './studio.ts';
import { coefficientValues, studyOf } from './study.ts';

/** The points as points of this space: a merge that differs from others only in what is varied is of one study with them. */
export function pointsIn(points: readonly ParetoPoint[], card: Card, space: Space): readonly ParetoPoint[] {
  return points.map((point) => {
    const { recipe } = point;
    // Points that were kept from an older studio may be of a method that is gone.
    const known = recipe.chain.every((step) => catalogue.methods.some(({ id }) => id === step.method));
    const study = known ? studyOf(recipe, card, space) : point.study;
    return study === point.study ? point : { ...point, study, coefficients: coefficientValues(recipe, space) };
  });
}

export function startVarying(card: Card): void {
  const varied = (state: ReturnType<typeof useStudio.getState>) => selectSpace(state).vary.join();
  let before = varied(useStudio.getState());
  useStudio.subscribe((state) => {
    const now = varied(state);
    if (now === before) return;
    before = now;
    useStudio.setState({ points: pointsIn(state.points, card, selectSpace(state)) });
  });
}
