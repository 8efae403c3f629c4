import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { frameOf } from './layout.ts';
import { asked, axes, clear, level, show, WIDTH } from './stage.testing.tsx';

beforeEach(() => page.viewport(900, 600));
afterEach(clear);

const HEIGHT = 260;
const frame = frameOf(axes, { width: WIDTH, height: HEIGHT });
/** Height of a share of any axis. */
const heightOf = (share: number) => frame.bottom - share * (frame.bottom - frame.top);
/** Between the second and the third axis. */
const BETWEEN = ((frame.xs[1] ?? 0) + (frame.xs[2] ?? 0)) / 2;

const lines = [level('low', 0.2), level('middle', 0.5), level('high', 0.8)];

const find = (selector: string): Element => {
  const found = document.querySelector(selector);
  if (found) return found;
  throw new Error(`nothing on the page matches ${selector}`);
};
const text = () => find('[aria-live]').textContent;
const grip = (name: string) => find(`[role="slider"][aria-label="${name}"]`) as SVGElement;
/** What the pointer takes hold of, without the text beside it. */
const handle = (name: string) => grip(name).querySelector('.touch') ?? grip(name);
const strip = (axis: string) => find(`[data-axis="${axis}"] .strip`);
const drawing = () => find('.parallel-drawing > svg');
const press = async (name: string, keys: string) => {
  grip(name).focus();
  await userEvent.keyboard(keys);
};

/** Drags along an axis, by shares of it. */
async function drag(source: Element, axis: string, from: number, to: number) {
  const top = source.getBoundingClientRect().top - drawing().getBoundingClientRect().top;
  await userEvent.dragAndDrop(source, strip(axis), {
    sourcePosition: { x: 12, y: heightOf(from) - top },
    targetPosition: { x: 12, y: heightOf(to) - frame.top },
    force: true,
  });
}

/** Red, green, blue and opacity where a level line crosses the gap between the groups. */
function pixel(sheet: number, share: number): readonly number[] {
  const canvas = document.querySelectorAll<HTMLCanvasElement>('.parallel-sheets canvas')[sheet];
  const ratio = window.devicePixelRatio;
  const data = canvas?.getContext('2d')?.getImageData(BETWEEN * ratio, Math.floor(heightOf(share) * ratio), 1, 1).data;
  return [...(data ?? [])];
}

describe('brushing', () => {
  test('keeps a range that is dragged along an axis, and counts what it keeps', async () => {
    show({ lines });
    expect(text()).toBe('3 of 3 merges in the selection');
    await drag(strip('task.Digits'), 'task.Digits', 0.4, 0.9);
    expect(asked.brushes).toEqual({ 'task.Digits': [0.7, 0.95] });
    expect(text()).toBe('2 of 3 merges in the selection');
    expect(asked.chosen).toEqual([]);
  });

  test('moves a brush by its middle, and resizes it by its ends', async () => {
    show({ lines, brushes: { 'coefficient.Digits': [0.4, 0.6] } });
    await drag(find('[data-axis="coefficient.Digits"] .brush'), 'coefficient.Digits', 0.5, 0.75);
    const [low, high] = asked.brushes['coefficient.Digits'] ?? [0, 0];
    expect([low, high]).toEqual([0.65, 0.85]);
    await drag(handle('at least λ Digits'), 'coefficient.Digits', low, 0.1);
    expect(asked.brushes['coefficient.Digits']).toEqual([0.1, high]);
    expect(text()).toBe('3 of 3 merges in the selection');
  });

  test('joins the brushes of several axes', () => {
    show({ lines, brushes: { 'coefficient.Digits': [0.3, 1], 'task.Letters': [0.5, 0.8] } });
    expect(text()).toBe('1 of 3 merges in the selection');
  });

  test('is undone by a double click, and by the button, which is there as long as something is brushed', async () => {
    show({ lines, brushes: { 'coefficient.Digits': [0.3, 0.7], 'task.Letters': [0.5, 0.8] } });
    await userEvent.dblClick(find('[data-axis="task.Letters"] .brush'));
    expect(asked.brushes).toEqual({ 'coefficient.Digits': [0.3, 0.7] });
    await userEvent.click(page.getByRole('button', { name: 'clear' }));
    expect(asked.brushes).toEqual({});
    expect(document.querySelector('.parallel-head button')).toBeNull();
  });

  test('works by keys alone, from no brush to a brush and back', async () => {
    show({ lines });
    expect(grip('at least λ Digits').getAttribute('aria-valuetext')).toBe('.00, no limit');
    await press('at least λ Digits', '{ArrowUp}{PageUp}{PageUp}');
    expect(asked.brushes).toEqual({ 'coefficient.Digits': [0.21, 1] });
    await press('at most λ Digits', '{PageDown}{ArrowDown}');
    expect(asked.brushes).toEqual({ 'coefficient.Digits': [0.21, 0.89] });
    expect(grip('at most λ Digits').getAttribute('aria-valuenow')).toBe('0.89');
    expect(grip('at most λ Digits').getAttribute('aria-valuetext')).toBe('.89');
    expect(text()).toBe('2 of 3 merges in the selection');
    await press('at most λ Digits', '{End}');
    await press('at least λ Digits', '{Home}');
    expect(asked.brushes).toEqual({});
    await press('at most Digits', '{PageDown}{Delete}');
    expect(asked.brushes).toEqual({});
  });

  test('leaves the others as grey context, and never greys the merge on the screen', async () => {
    show({ lines: [...lines, level('me', 0.35, 'now')], brushes: { 'task.Digits': [0.7, 1] } });
    await expect.poll(() => pixel(1, 0.8)[3]).toBeGreaterThan(0);
    // Sheets: context, selection, bold.
    const grey = [220, 216, 207].map((each) => expect.closeTo(each, -1));
    expect([pixel(1, 0.2)[3], pixel(0, 0.2).slice(0, 3)]).toEqual([0, grey]);
    expect(pixel(2, 0.35)).toEqual([28, 27, 25, 255]);
    expect(text()).toBe('2 of 3 merges in the selection');
  });
});

describe('a floor', () => {
  test('is dragged up from the bottom of a task’s axis and greys what lies below', async () => {
    show({ lines });
    expect(document.querySelector('[aria-label="floor λ Digits"]')).toBeNull();
    await drag(handle('floor Digits'), 'task.Digits', 0, 0.6);
    expect(asked.floors['task.Digits']).toBeCloseTo(0.8, 1);
    expect(text()).toBe('1 of 3 merges in the selection');
  });

  test('is moved by keys, and gone at the bottom', async () => {
    show({ lines });
    await press('floor Letters', '{PageUp}{PageUp}{PageUp}{ArrowDown}');
    expect(asked.floors).toEqual({ 'task.Letters': 0.645 });
    expect(grip('floor Letters').getAttribute('aria-valuetext')).toBe('64.5 %');
    expect(text()).toBe('2 of 3 merges in the selection');
    await press('floor Letters', '{Home}');
    expect(asked.floors).toEqual({});
  });
});

describe('a line', () => {
  test('is read when the pointer is near, and taken by a click', async () => {
    show({ lines });
    await userEvent.hover(drawing(), { position: { x: BETWEEN, y: heightOf(0.5) + 5 } });
    expect(asked.hovered).toBe('middle');
    expect(find('.parallel-detail').textContent?.trim()).toBe(
      'measured λ Digits .50 λ Letters .50 Digits 75.0 % Letters 75.0 %',
    );
    await userEvent.click(drawing(), { position: { x: BETWEEN, y: heightOf(0.8) - 5 } });
    await userEvent.click(drawing(), { position: { x: BETWEEN, y: heightOf(0.65) } });
    expect(asked.chosen).toEqual(['high']);
  });

  test('is read by a first tap of a finger and taken by a second', async () => {
    show({ lines });
    const tap = () => {
      const { left, top } = drawing().getBoundingClientRect();
      const at = { clientX: left + BETWEEN, clientY: top + heightOf(0.2), bubbles: true };
      drawing().dispatchEvent(new PointerEvent('pointerdown', { ...at, pointerType: 'touch' }));
      drawing().dispatchEvent(new MouseEvent('click', at));
    };
    tap();
    await expect.poll(() => asked.hovered).toBe('low');
    expect(asked.chosen).toEqual([]);
    tap();
    await expect.poll(() => asked.chosen).toEqual(['low']);
  });

  test('is found and taken by keys, among those of the selection', async () => {
    show({ lines, brushes: { 'task.Digits': [0.7, 1] } });
    (find('[role="spinbutton"]') as SVGElement).focus();
    await userEvent.keyboard('{ArrowUp}');
    expect(asked.hovered).toBe('middle');
    await userEvent.keyboard('{ArrowUp}{Enter}');
    expect(asked.chosen).toEqual(['high']);
  });
});

describe('the drawing', () => {
  test('holds 5,000 lines, to the last', async () => {
    const crowd = Array.from({ length: 4999 }, (_, i) => level(`m${i}`, 0.5 * (i / 5000)));
    show({ lines: [...crowd, level('last', 0.9)] });
    await expect.poll(() => pixel(0, 0.9)[3]).toBeGreaterThan(0);
    expect(pixel(0, 0.25)[3]).toBeGreaterThan(0);
    expect(pixel(0, 0.7)[3]).toBe(0);
  });

  test('does not draw the others again when the merge on the screen moves', () => {
    show({ lines: [...lines, level('me', 0.3, 'now')] });
    const [selection] = document.querySelectorAll<HTMLCanvasElement>('.parallel-sheets canvas');
    selection?.getContext('2d')?.clearRect(0, 0, WIDTH, HEIGHT);
    show({ lines: [...lines, level('me', 0.6, 'now')] });
    expect(pixel(1, 0.6)[3]).toBe(255);
    expect(pixel(0, 0.5)[3]).toBe(0);
  });

  test('follows the theme', async () => {
    show({ lines: [level('me', 0.5, 'now')] });
    expect(pixel(1, 0.5)).toEqual([28, 27, 25, 255]);
    document.documentElement.dataset.theme = 'dark';
    await expect.poll(() => pixel(1, 0.5)).toEqual([242, 239, 233, 255]);
    delete document.documentElement.dataset.theme;
  });

  test('scrolls in its own box when the axes do not fit', () => {
    const many = Array.from(
      { length: 12 },
      (_, i) => ({ ...axes[2], id: `${i}`, name: `Task ${i}` }) as (typeof axes)[0],
    );
    show({ axes: many, lines: [{ id: 'a', kind: 'measured', values: many.map(() => 0.7) }] });
    const box = find('.parallel-scroll');
    expect(box.scrollWidth).toBeGreaterThan(box.clientWidth);
    expect(document.documentElement.scrollWidth).toBeLessThanOrEqual(window.innerWidth);
  });

  test('says what will be there when there is nothing yet', () => {
    show({ lines: [] });
    expect(document.body.textContent).toMatch(/^Each measured merge will be a line here/);
    show({ lines, axes: axes.slice(0, 1) });
    expect(document.querySelector('canvas')).toBeNull();
  });
});

describe('the limits of an axis', () => {
  const typed = (name: string) => page.getByRole('textbox', { name: `${name}, typed` });

  test('are typed behind its name, for those who do not drag', async () => {
    show({ lines });
    await userEvent.click(page.getByRole('button', { name: 'Limits of λ Digits' }));
    await userEvent.fill(typed('at least λ Digits'), '.3');
    await userEvent.keyboard('{Enter}');
    expect(asked.brushes).toEqual({ 'coefficient.Digits': [0.3, 1] });
    await userEvent.fill(typed('at most λ Digits'), '0,6');
    await userEvent.keyboard('{Enter}');
    expect(asked.brushes).toEqual({ 'coefficient.Digits': [0.3, 0.6] });
    expect(text()).toBe('1 of 3 merges in the selection');
    for (const name of ['at least λ Digits', 'at most λ Digits']) {
      await userEvent.fill(typed(name), '');
      await userEvent.keyboard('{Enter}');
    }
    expect(asked.brushes).toEqual({});
  });

  test('of a task are a floor, too', async () => {
    show({ lines });
    await userEvent.click(page.getByRole('button', { name: 'Limits of Letters', exact: true }));
    await userEvent.fill(typed('floor Letters'), '0.7');
    await userEvent.keyboard('{Enter}');
    expect(asked.floors).toEqual({ 'task.Letters': 0.7 });
  });
});

describe('what stands out', () => {
  test('is hatched where nothing was measured, and only there', () => {
    const [first, ...others] = axes;
    show({ lines, axes: first ? [{ ...first, sampled: [0.25, 1] }, ...others] : axes });
    const rects = [...document.querySelectorAll<SVGRectElement>('.beyond rect')];
    expect(rects.map((rect) => [rect.y.baseVal.value, rect.height.baseVal.value])).toEqual([
      [heightOf(0.25), expect.closeTo(heightOf(0) - heightOf(0.25), 3)],
    ]);
  });

  test('is named between the groups', () => {
    show({ lines, named: [{ id: 'high', name: 'balanced' }] });
    expect(find('.named-lines text').textContent).toBe('balanced');
    expect(document.querySelectorAll('.named-lines path')).toHaveLength(1);
  });
});
