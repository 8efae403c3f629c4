/** The opening's first points: merges of the opening experts by task arithmetic, measured when the card is made. */
import type { CardPoint } from '../../formats/card.ts';
import { type Gauge, SPLIT_SIZE, scoresOf } from './gauge.ts';

/** Shared λ of the recipe that the page opens on. */
const OPENING_LAMBDA = 0.3;
/** Points spread evenly over the cube, besides the default, the base and the experts themselves. */
const SPREAD_POINTS = 25;
/** The first test samples that a point is measured on; the default recipe takes all. */
const TEST_SAMPLES = 256;

/** The default recipe first, then the base, each expert alone, and an even spread over [0, 1]^n, rounded to what a link shows. */
function designPoints(experts: number): number[][] {
  const all = (value: number) => new Array<number>(experts).fill(value);
  const alone = all(0).map((_, index) => all(0).map((_, other) => (other === index ? 1 : 0)));
  return [all(OPENING_LAMBDA), all(0), ...alone, ...evenSpread(SPREAD_POINTS, experts)];
}

/**
 * The additive sequence of the generalised golden ratio g, the root of g^(n+1) = g + 1 (Roberts 2018, "R_n"): as even as
 * Sobol's points at these counts, without tables.
 */
function evenSpread(count: number, dimensions: number): number[][] {
  let ratio = 2;
  for (let i = 0; i < 64; i++) ratio = (1 + ratio) ** (1 / (dimensions + 1));
  return Array.from({ length: count }, (_, index) =>
    Array.from({ length: dimensions }, (_, axis) => {
      const place = 0.5 + (index + 1) / ratio ** (axis + 1);
      return Math.round((place - Math.floor(place)) * 100) / 100;
    }),
  );
}

export async function measurePoints(gauge: Gauge, experts: readonly string[]): Promise<CardPoint[]> {
  const points: CardPoint[] = [];
  for (const [index, lambda] of designPoints(experts.length).entries()) {
    const weights = await gauge.merge('task-arithmetic', experts, { lambda });
    const calibration = scoresOf(await gauge.answer(weights, experts, 'calibration', SPLIT_SIZE.calibration));
    const test = scoresOf(await gauge.answer(weights, experts, 'test', index === 0 ? SPLIT_SIZE.test : TEST_SAMPLES));
    points.push({ lambda, calibration, test });
  }
  return points;
}
