/** Which name stands where in the scatter: all of them in one go, so that none lies on another. */
import { createContext, useContext, useMemo } from 'react';
import { selectChoice } from '../../store/choice.ts';
import type { Candidate, Pick } from '../../store/picks.ts';
import { useCalm } from '../use-calm.ts';
import { type Box, bestOffer, boxesOf, boxOfName, type Label, type Mark, type Pixel, placeLabels } from './labels.ts';
import { RULES } from './rules.ts';
import { type Place, usePlace } from './use-place.ts';
import { type Plot, type Predicted, type Reference, reaches, useFront, usePlaced } from './use-plot.ts';

/** Pixels of a letter at the size of the plot's text, and at that of picks; guesses on the wide side. */
const LETTER = 6.6;
const PICK_LETTER = 6.2;

export const FRONT_NAME = 'predicted front (estimated)';
export const PUBLISHED_NAME = 'as published (promised)';

type Named<T> = T & Mark & { readonly name: string; readonly label: Label };

export interface PickMark {
  readonly candidate: Candidate;
  readonly name: string;
}

interface PlotNames {
  readonly references: readonly Named<{ readonly reference: Reference }>[];
  readonly picks: readonly Named<PickMark>[];
  readonly compared: readonly Named<{ readonly id: string }>[];
  readonly front: (Mark & { readonly label: Label }) | undefined;
  readonly published: (Mark & { readonly label: Label }) | undefined;
}

const NONE: PlotNames = { references: [], picks: [], compared: [], front: undefined, published: undefined };

export const PlotNamesContext = createContext<PlotNames>(NONE);
export const usePlotNames = (): PlotNames => useContext(PlotNamesContext);

/** All names of the plot. The star has none, so a drag moves no name. */
export function usePlacedNames(plot: Plot): PlotNames {
  const place = usePlace();
  const front = useFront();
  const published = usePlaced((explored) => explored.published?.front);
  const { picks, total } = useCalm(selectChoice);
  return useMemo(
    () => (place ? placeAll(plot, place, { front, published, picks: total < 2 ? [] : picks }) : NONE),
    [plot, place, front, published, picks, total],
  );
}

interface Estimated {
  readonly front: readonly Predicted[];
  readonly published: readonly Predicted[];
  readonly picks: readonly Pick[];
}

/** Models first, then the front, what the rules choose, and what is compared. */
function placeAll(plot: Plot, place: Place, { front, published, picks }: Estimated): PlotNames {
  const { area } = place;
  const line = sortedLine(front, place);
  const promised = sortedLine(published, place);
  const taken: Box[] = [];
  const settle = <T extends Mark & { readonly name: string }>(marks: readonly T[], others: readonly Box[] = []) => {
    const labels = placeLabels(marks, area, [...taken, ...others], [...line, ...promised]);
    taken.push(...boxesOf(marks, labels));
    return marks.flatMap((mark, i) => (labels[i] ? [{ ...mark, label: labels[i] }] : []));
  };
  const settleLine = (own: readonly Pixel[], name: string) => {
    const best = bestOffer(alongLine(own, name), area, [...taken, ...boxesOf(marksOfPicks, [])], own);
    if (best) taken.push(boxOfName(best.mark, best.label));
    return best && { ...best.mark, label: best.label };
  };

  const marksOfPicks = grouped(picks).map(({ candidate, rules }) => {
    const [x, y] = place.at(...placeOf(candidate, plot));
    const name = rules.map((rule) => RULES[rule].short).join(' · ');
    return { candidate, name, x, y, width: name.length * PICK_LETTER };
  });
  const best = plot.drawn.flatMap(({ best: undominated, x, y }) => {
    const [left, top] = place.at(x, y);
    return undominated ? [{ x: left, y: top, width: 0 }] : [];
  });
  const references = settle(
    plot.references.map((reference) => {
      const [x, y] = place.at(reference.x, reference.y);
      const name = nameOf(reference);
      return { reference, name, x, y, width: name.length * LETTER };
    }),
    boxesOf(marksOfPicks, []),
  );
  const frontName = settleLine(line, FRONT_NAME);
  const publishedName = settleLine(promised, PUBLISHED_NAME);
  const chosen = settle(marksOfPicks, boxesOf(best.filter(elsewhere(marksOfPicks)), []));
  const own = plot.drawn.filter((point) => point.own).map(({ x, y }) => place.at(x, y));
  const stations = references.map(({ x, y }) => [x, y] as const);
  const compared = settle(comparedMarks(plot, place, [...own, ...line, ...stations]));
  return { references, picks: chosen, compared, front: frontName, published: publishedName };
}

const nameOf = ({ expert, name }: Reference) => (expert === undefined ? name.toLowerCase() : `${name} expert`);

/** From left to right on the screen, whichever way the axis runs. */
const sortedLine = (front: readonly Predicted[], place: Place): readonly Pixel[] =>
  front.length < 2 ? [] : front.map(({ x, y }) => place.at(x, y)).sort(([a], [b]) => a - b);

/** Shares of a line at which its name could stand: not at the ends first, near which the experts are. */
const STATIONS = [0.25, 0.4, 0.12, 0.55, 0.7, 0, 0.85] as const;

const BESIDE_LINE: readonly Label[] = [
  { dx: 0, dy: -7, anchor: 'start' },
  { dx: 0, dy: -7, anchor: 'end' },
  { dx: 0, dy: 18, anchor: 'end' },
  { dx: 0, dy: 18, anchor: 'start' },
  { dx: 0, dy: 34, anchor: 'start' },
  { dx: 0, dy: 34, anchor: 'end' },
];

function alongLine(line: readonly Pixel[], name: string) {
  const [left, right] = [line[0]?.[0] ?? 0, line.at(-1)?.[0] ?? 0];
  const width = name.length * LETTER;
  return STATIONS.flatMap((share) => {
    const x = left + share * (right - left);
    const y = heightOf(line, x);
    return y === undefined ? [] : BESIDE_LINE.map((label) => ({ mark: { x, y, width }, label }));
  });
}

/** Of a line from left to right, between its points. */
function heightOf(line: readonly Pixel[], x: number): number | undefined {
  const next = line.findIndex((point) => point[0] >= x);
  const [from, to] = [line[Math.max(0, next - 1)], line[next]];
  if (!from || !to) return undefined;
  const share = to[0] > from[0] ? (x - from[0]) / (to[0] - from[0]) : 1;
  return from[1] + share * (to[1] - from[1]);
}

/** Where the name of each comparison stands: at its merge that is farthest from everything else. */
function comparedMarks({ compared, x, y }: Plot, place: Place, others: readonly Pixel[]) {
  const sets = compared.map(({ id, name, points }) => ({
    id,
    name,
    pixels: points.filter((point) => reaches(x, point.x) && reaches(y, point.y)).map((p) => place.at(p.x, p.y)),
  }));
  return sets.flatMap(({ id, name, pixels }) => {
    const strangers = sets.filter((other) => other.id !== id).flatMap((other) => other.pixels);
    const at = loneliest(pixels, [...others, ...strangers]);
    return at ? [{ id, name, x: at[0], y: at[1], width: name.length * LETTER }] : [];
  });
}

function loneliest(places: readonly Pixel[], others: readonly Pixel[]): Pixel | undefined {
  const room = ([x, y]: Pixel) => Math.min(...others.map(([left, top]) => Math.hypot(left - x, top - y)));
  const rooms = places.map(room);
  return places[rooms.indexOf(Math.max(...rooms))];
}

const elsewhere =
  (marks: readonly Mark[]) =>
  (spot: Mark): boolean =>
    marks.every(({ x, y }) => x !== spot.x || y !== spot.y);

interface Group {
  readonly candidate: Candidate;
  readonly rules: readonly Pick['rule'][];
}

/** Rules that agree share a mark. */
function grouped(picks: readonly Pick[]): readonly Group[] {
  const groups = new Map<string, Group>();
  for (const { rule, candidate } of picks) {
    const known = groups.get(candidate.id);
    groups.set(candidate.id, { candidate, rules: [...(known?.rules ?? []), rule] });
  }
  return [...groups.values()];
}

/** Chosen on the calibration split, shown where the drawn split has it. */
function placeOf({ id, kind, values }: Candidate, { points }: Plot): readonly [number, number] {
  const drawn = kind === 'measured' ? points.find(({ point }) => point.mergeId === id) : undefined;
  return drawn ? [drawn.x, drawn.y] : [values[0] ?? 0, values[1] ?? 0];
}
