import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { page } from 'vitest/browser';
import { defaultView } from '../../formats/view.ts';
import { eventually } from '../../store/eventually.testing.ts';
import '../tokens.css';
import {
  clear,
  find,
  measured,
  pointOf,
  recipe,
  recipeWith,
  scoresOf,
  show,
  testCard,
} from '../charts/stage.testing.tsx';
import { ParetoPanel } from '../pareto/pareto-panel.tsx';
import { pictureOf, pngOf } from './picture.ts';

beforeEach(() => page.viewport(900, 900));
afterEach(clear);

/** More than single elements carry: the others are on a canvas. */
const MANY = 400;

/** Merges along a diagonal trade-off: none is left out of the plot. */
const points = Array.from({ length: MANY }, (_, i) => {
  const share = i / (MANY - 1);
  const shares = [0.9, 0.9, 0.6 + 0.3 * share, 0.9 - 0.3 * share] as const;
  const coefficients = [0.1, 0.1, Number(share.toFixed(3)), 0.2];
  return pointOf(recipeWith(...coefficients), scoresOf(1000, ...shares), scoresOf(1000, ...shares), coefficients);
});

const now = { run: { phase: 'measured' }, measurement: measured(recipe, scoresOf(512, 0.9, 0.8, 0.72, 0.61)) } as const;

function taken(...parts: readonly (readonly string[])[]) {
  const made = pictureOf({
    title: 'Trade-offs: Kana & Rotation',
    about: ['Glyph ViT'],
    parts: parts.map((selectors) => selectors.map(find)),
    notes: ['Solid marks are measured, hollow ones estimated.'],
    address: `https://studio.example/#v=1&${'x'.repeat(3000)}`,
  });
  if (!made) throw new Error('there is no picture');
  const file = new DOMParser().parseFromString(made.svg, 'image/svg+xml');
  expect(file.querySelector('parsererror')).toBeNull();
  return { ...made, file };
}

/** Whatever would need the page, or the net. */
function strangers(file: Document): string[] {
  return [...file.querySelectorAll('*')].flatMap((each) =>
    [...each.attributes].flatMap(({ name, value }) => {
      const needy =
        /^(class|style|href|xlink:href|src|role|on.*|data-.*|aria-.*)$/.test(name) || /var\(|https?:/.test(value);
      const reference = /url\((?!['"]?#)/.test(value);
      return (needy && name !== 'xmlns') || reference ? [`${each.localName} ${name}="${value}"`] : [];
    }),
  );
}

/** Colours of the picture's pixels, each with how often it is there. */
async function pixelsOf(png: Blob) {
  const bitmap = await createImageBitmap(png);
  const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d');
  if (!context) throw new Error('no canvas');
  context.drawImage(bitmap, 0, 0);
  const { data } = context.getImageData(0, 0, bitmap.width, bitmap.height);
  const colours = new Map<number, number>();
  for (const pixel of new Uint32Array(data.buffer)) colours.set(pixel, (colours.get(pixel) ?? 0) + 1);
  return { width: bitmap.width, height: bitmap.height, colours };
}

describe('the picture of the scatter', () => {
  test('has all marks and names, on the canvas or not, and needs nothing but itself', async () => {
    show(<ParetoPanel />, { points, ...now });
    await eventually(() => expect(document.querySelectorAll('[data-point]')).toHaveLength(250));
    await eventually(() => find('[data-star]'));
    const { file, size } = taken(['.axis-picker.vertical', '.plot', '.axis-picker.horizontal'], ['.plot-key']);
    expect(strangers(file)).toEqual([]);
    const circles = [...file.querySelectorAll('path')].filter((path) =>
      /^M[-\d. ]+[, ]?[-\d.]+A/.test(path.getAttribute('d') ?? ''),
    );
    const onCanvas = MANY - 250;
    const inKey = 1;
    expect(circles.length).toBe(250 + onCanvas + inKey);
    const words = [...file.querySelectorAll('text')].map((text) => text.textContent);
    for (const word of ['Trade-offs: Kana & Rotation', 'kana', 'rotation', '100', 'your merges'])
      expect(words.map((each) => each?.toLowerCase())).toContain(word.toLowerCase());
    expect(file.querySelector('desc')?.textContent).toContain('x'.repeat(3000));
    expect(size.width).toBeGreaterThan(600);
  });

  test('is drawn as a PNG of twice the size that is not blank', async () => {
    show(<ParetoPanel />, { points: points.slice(0, 40), ...now });
    await eventually(() => expect(document.querySelectorAll('[data-point]').length).toBe(40));
    const made = taken(['.plot']);
    const png = await pngOf(made);
    expect(png.type).toBe('image/png');
    const { width, height, colours } = await pixelsOf(png);
    expect([width, height]).toEqual([2 * made.size.width, 2 * made.size.height]);
    const paper = Math.max(...colours.values());
    expect(colours.size, 'ink, paper, and colours of experts').toBeGreaterThan(10);
    expect(width * height - paper).toBeGreaterThan(2000);
  });
});

describe('the picture of the parallel plot', () => {
  test('has a line for every merge, as on its canvases', async () => {
    const few = points.slice(0, 30);
    const view = { ...defaultView(recipe, testCard), goals: 'all' } as const;
    show(<ParetoPanel />, { points: few, view, ...now, card: testCard });
    await eventually(() => find('.parallel-drawing canvas'));
    await eventually(() => expect(find('.parallel-head').textContent).toContain('30 of 30'));
    const { file } = taken(['.parallel-drawing']);
    expect(strangers(file)).toEqual([]);
    const traces = [...file.querySelectorAll('path[fill="none"]')].map((path) => path.getAttribute('d') ?? '');
    const lines = traces.flatMap((d) => d.split('M').filter((run) => run.split('L').length === 8));
    // The merge on the screen is drawn on a rim of paper: twice. What has a name is drawn over the rest once more.
    const named = document.querySelectorAll('.named-lines path').length;
    expect(named).toBeGreaterThan(0);
    expect(lines).toHaveLength(30 + 2 + named);
    const words = [...file.querySelectorAll('text')].map((text) => text.textContent);
    expect(words).toEqual(expect.arrayContaining(['coefficients', 'accuracies', 'kana', 'λ kana']));
  });
});

test('nothing is no picture', () => {
  expect(pictureOf({ title: '', about: [], parts: [], notes: [], address: '' })).toBeUndefined();
});
