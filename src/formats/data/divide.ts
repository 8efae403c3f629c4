/** Own samples as a test and a calibration set: disjoint, seeded, every class in proportion, in an order whose beginnings are fair. */
import { randomStream } from '../../core/random/counter.ts';
import { DataError, type OwnSamples } from './samples.ts';

/** More would keep a slider waiting. */
const MOST_TEST = 2048;
const MOST_CALIBRATION = 256;
/** Of the usable samples, at most this share is kept apart for methods that learn. */
const CALIBRATION_SHARE = 1 / 3;
/** Below this nothing can be said of an accuracy. */
const FEWEST = 12;
/** Below this the accuracy on a class is uncertain. */
const FEW_PER_CLASS = 30;
/** A network that always gives one answer should not look good. */
const LOPSIDED = 0.5;
const SEED = 1;

/** Samples whose label the head knows. */
export interface Labelled {
  /** Places in the source. */
  readonly places: readonly number[];
  /** Class of each. */
  readonly classes: readonly number[];
  /** What the user should know, a sentence each. */
  readonly warnings: readonly string[];
}

/** Finds the class of every label: by its name, or by its number where classes have no such name. */
export function labelled({ labels }: OwnSamples, names: readonly string[], label: string): Labelled {
  const known = new Map(names.map((name, index) => [name, index]));
  const byNumber = (text: string) => {
    const number = /^\d+$/.test(text) ? Number(text) : -1;
    return number >= 0 && number < names.length ? number : undefined;
  };
  const strangers = new Map<string, number>();
  const places: number[] = [];
  const classes: number[] = [];
  labels.forEach((text, place) => {
    const found = known.get(text) ?? byNumber(text);
    if (found === undefined) strangers.set(text, (strangers.get(text) ?? 0) + 1);
    else {
      places.push(place);
      classes.push(found);
    }
  });
  if (places.length < FEWEST)
    throw new DataError(
      `${label}: ${places.length} of ${labels.length} samples have a label that the head knows (${listed(names)}); wanted at least ${FEWEST}${strangers.size > 0 ? `, found ${listed([...strangers.keys()])}` : ''}`,
    );
  return { places, classes, warnings: [...strangerWarning(strangers), ...balanceWarnings(classes, names)] };
}

function strangerWarning(strangers: ReadonlyMap<string, number>): string[] {
  if (strangers.size === 0) return [];
  const count = [...strangers.values()].reduce((sum, n) => sum + n, 0);
  return [`Left out: ${count} samples with labels that the head does not know (${listed([...strangers.keys()])}).`];
}

function balanceWarnings(classes: readonly number[], names: readonly string[]): string[] {
  const counts = names.map(() => 0);
  for (const each of classes) counts[each] = (counts[each] ?? 0) + 1;
  const few = names.filter((_, index) => (counts[index] ?? 0) < FEW_PER_CLASS);
  const warnings: string[] = [];
  if (few.length > 0) {
    const told = few.map((name) => `${name}: ${counts[names.indexOf(name)]}`);
    warnings.push(`Fewer than ${FEW_PER_CLASS} samples of ${few.length} of ${names.length} classes (${listed(told)}).`);
  }
  const most = Math.max(...counts);
  const share = most / classes.length;
  if (share > LOPSIDED)
    warnings.push(
      `${Math.round(100 * share)} % of the samples are “${names[counts.indexOf(most)]}”: answering it always would be right as often.`,
    );
  return warnings;
}

export interface Sizes {
  readonly test: number;
  readonly calibration: number;
}

/** How many samples of so many go where. */
export function sizesFor(count: number): Sizes {
  const calibration = Math.min(MOST_CALIBRATION, Math.floor(count * CALIBRATION_SHARE));
  return { calibration, test: Math.min(MOST_TEST, count - calibration) };
}

/**
 * Places in `classes` for each set. Within each class the order is drawn; the classes are then interleaved in proportion, so that every
 * beginning of the test set holds them about as the whole does.
 */
export function divided(
  classes: readonly number[],
  { test, calibration }: Sizes,
): {
  readonly test: readonly number[];
  readonly calibration: readonly number[];
} {
  const own = new Map<number, number[]>();
  classes.forEach((each, place) => {
    const known = own.get(each);
    if (known) known.push(place);
    else own.set(each, [place]);
  });
  const ranked = [...own].flatMap(([each, places]) =>
    randomStream(SEED, `class ${each}`)
      .shuffle(places)
      .map((place, rank) => ({ place, at: (rank + 0.5) / places.length })),
  );
  ranked.sort((a, b) => a.at - b.at || a.place - b.place);
  const order = ranked.map(({ place }) => place);
  // Taken evenly from the whole order, so that both sets have every class in proportion.
  const step = order.length / Math.max(1, calibration);
  const apart = new Set(Array.from({ length: calibration }, (_, i) => Math.floor(i * step)));
  const rest = order.filter((_, i) => !apart.has(i));
  return { test: rest.slice(0, test), calibration: order.filter((_, i) => apart.has(i)) };
}

const SHOWN = 8;
const listed = (names: readonly string[]): string =>
  names.length > SHOWN ? `${names.slice(0, SHOWN).join(', ')} … ${names.length - SHOWN} more` : names.join(', ');
