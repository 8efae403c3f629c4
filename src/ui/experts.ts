/** One colour and one shape per expert, the same in cards, sliders, bars, points, formulas and prose. */

/** In the card's order of experts; from the ninth on the list starts again. */
const shapes = ['circle', 'square', 'triangle', 'diamond', 'triangle-down', 'pentagon', 'plus', 'hexagon'] as const;

export type ExpertShape = (typeof shapes)[number];

/** CSS colour of the expert at this index of the card, defined by theme in tokens.css. */
export function expertColour(index: number): string {
  return `var(--expert-${index % shapes.length})`;
}

export function expertShape(index: number): ExpertShape {
  return shapes[index % shapes.length] ?? 'circle';
}

type Corner = readonly [angle: number, radius: number];

/** Corners at equal angles from straight up, turned by `turn` of a full circle. */
function polygon(count: number, radius: number, turn = 0): readonly Corner[] {
  return Array.from({ length: count }, (_, i) => [2 * Math.PI * (i / count + turn) - Math.PI / 2, radius]);
}

// Radii that give each shape about the same area as the circle of radius 1.
const corners: Readonly<Record<Exclude<ExpertShape, 'circle' | 'plus'>, readonly Corner[]>> = {
  square: polygon(4, 1.25, 1 / 8),
  triangle: polygon(3, 1.5),
  diamond: polygon(4, 1.32),
  'triangle-down': polygon(3, 1.5, 1 / 2),
  pentagon: polygon(5, 1.17),
  hexagon: polygon(6, 1.12, 1 / 12),
};

const number = (value: number) => Number(value.toFixed(2)).toString();

function closedPath(points: readonly (readonly [number, number])[]): string {
  return `M${points.map(([x, y]) => `${number(x)},${number(y)}`).join('L')}Z`;
}

/** SVG path of a mark centred on 0,0 with about the area of a circle of radius r. */
export function markPath(shape: ExpertShape, r: number): string {
  if (shape === 'circle') return `M0,${-r}A${r},${r} 0 1 1 0,${r}A${r},${r} 0 1 1 0,${-r}Z`;
  if (shape === 'plus') {
    const [a, b] = [0.42 * r, 1.2 * r];
    return closedPath([
      [-a, -b],
      [a, -b],
      [a, -a],
      [b, -a],
      [b, a],
      [a, a],
      [a, b],
      [-a, b],
      [-a, a],
      [-b, a],
      [-b, -a],
      [-a, -a],
    ]);
  }
  // A triangle's centre of mass looks too high or too low: shift it half way to the middle of its box.
  const shift = shape === 'triangle' ? 0.2 * r : shape === 'triangle-down' ? -0.2 * r : 0;
  return closedPath(
    corners[shape].map(([angle, radius]) => [r * radius * Math.cos(angle), r * radius * Math.sin(angle) + shift]),
  );
}

/** Corners of the five-pointed star of the merge on the screen, centred on 0,0. */
export function starCorners(r: number): readonly (readonly [number, number])[] {
  return Array.from({ length: 10 }, (_, i) => {
    const angle = (Math.PI * i) / 5 - Math.PI / 2;
    const radius = i % 2 === 0 ? 1.4 * r : 0.58 * r;
    return [radius * Math.cos(angle), radius * Math.sin(angle)] as const;
  });
}

export const starPath = (r: number): string => closedPath(starCorners(r));
