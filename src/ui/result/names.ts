import catalogue from 'virtual:catalogue';
import { layerNames } from '../../store/layers.ts';
import type { Names } from '../../store/sentence.ts';
import type { StudioState } from '../../store/state.ts';

type Card = NonNullable<StudioState['card']>;

/** What ids are called on the screen. */
export function namesOf(card: Card): Names {
  const find = (id: string) => catalogue.methods.find((method) => method.id === id);
  return {
    task: (id) => card.tasks.find((task) => task.id === id)?.name ?? id,
    method: (id) => find(id)?.name ?? id,
    layers: (group, groups) => layerNames(card.model.blocks, groups)[group] ?? String(group + 1),
    symbol: (method, control) => find(method)?.controls[control]?.symbol ?? control,
  };
}

/** Test images per task. */
export function testImages(card: Card): number {
  return Math.max(0, ...card.tasks.flatMap((task) => task.test.map((segment) => segment.to)));
}
