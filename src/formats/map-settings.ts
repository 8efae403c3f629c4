/**
 * How MAP works on the page, as a link tells it: `map=loss,nsga3` names what differs from the usual, so every name stands for one
 * thing only.
 */
import { splitList } from './link-text.ts';

/** The first of each is the usual one. */
export const MAP_CHOICES = {
  /** What is measured of a task. */
  metric: ['accuracy', 'loss'],
  /** Of the quadratic: behind a sigmoid or softplus (`bounded`), or the metric itself; `auto` takes what fits the metric best. */
  scale: ['auto', 'bounded', 'plain'],
  /** The first merges to measure: scrambled Sobol’ points, or the published grid. */
  design: ['sobol', 'official'],
  /** How further merges are chosen. */
  rule: ['thompson', 'variance', 'front', 'angles'],
  /** How the predicted front is looked for. */
  search: ['candidates', 'closed', 'nsga2', 'nsga3'],
  /** Whether the published fit is drawn beside ours. */
  compare: ['ours', 'published'],
} as const;

type Choices = typeof MAP_CHOICES;
export type MapSettings = { readonly [Key in keyof Choices]: Choices[Key][number] };

export const USUAL_MAP: MapSettings = {
  metric: 'accuracy',
  scale: 'auto',
  design: 'sobol',
  rule: 'thompson',
  search: 'candidates',
  compare: 'ours',
};

/** Empty when everything is as usual. */
export function writeMapSettings(settings: MapSettings): string {
  return Object.keys(MAP_CHOICES)
    .flatMap((key) => {
      const value = settings[key as keyof MapSettings];
      return value === USUAL_MAP[key as keyof MapSettings] ? [] : [value];
    })
    .join();
}

/** @returns the settings, and names that are none or contradict an earlier one */
export function readMapSettings(text: string): { readonly settings: MapSettings; readonly unknown: readonly string[] } {
  const found = new Map<string, string>();
  const unknown: string[] = [];
  for (const name of splitList(text)) {
    const [key] = Object.entries(MAP_CHOICES).find(([, names]) => (names as readonly string[]).includes(name)) ?? [];
    if (key === undefined || found.has(key)) unknown.push(name);
    else found.set(key, name);
  }
  return { settings: { ...USUAL_MAP, ...(Object.fromEntries(found) as Partial<MapSettings>) }, unknown };
}
