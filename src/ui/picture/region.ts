/** What a part of the page shows, as elements of an SVG file: drawings, canvases and words where they stand. */
import { pathsOf } from './paths.ts';
import { drawingOn } from './pen.ts';
import { element, isSeen, plainCopy, writingOf } from './svg.ts';

type Origin = readonly [left: number, top: number];

const px = (value: number) => Number(value.toFixed(2));

/** @param origin the page's coordinates that become 0, 0 */
export function shownIn(part: Element, origin: Origin): SVGElement[] {
  if (!isSeen(getComputedStyle(part))) return [];
  if (part instanceof SVGSVGElement) return drawing(part, origin);
  if (part instanceof HTMLCanvasElement) return canvas(part, origin);
  if (part instanceof HTMLSelectElement) return choice(part, origin);
  return [
    ...ruled(part, origin),
    ...[...part.childNodes].flatMap((child) => {
      if (child instanceof Element) return shownIn(child, origin);
      return child instanceof Text ? lines(child, origin) : [];
    }),
  ];
}

function drawing(source: SVGSVGElement, [left, top]: Origin): SVGElement[] {
  const box = source.getBoundingClientRect();
  const copy = plainCopy(source, foreign);
  if (!copy || box.width === 0) return [];
  const place = { x: px(box.left - left), y: px(box.top - top), width: px(box.width), height: px(box.height) };
  for (const [name, value] of Object.entries(place)) copy.setAttribute(name, String(value));
  // Marks at the edge of a plot are drawn whole.
  copy.setAttribute('overflow', 'visible');
  return [copy];
}

/** Canvases inside a drawing. */
function foreign(source: SVGElement): SVGElement | undefined {
  const place = `translate(${source.getAttribute('x') ?? 0} ${source.getAttribute('y') ?? 0})`;
  const paths = [...source.querySelectorAll('canvas')].flatMap((each) => painted(each));
  return paths.length > 0 ? element('g', { transform: place }, ...paths) : undefined;
}

function canvas(source: HTMLCanvasElement, [left, top]: Origin): SVGElement[] {
  const box = source.getBoundingClientRect();
  const paths = painted(source);
  if (paths.length === 0) return [];
  return [element('g', { transform: `translate(${px(box.left - left)} ${px(box.top - top)})` }, ...paths)];
}

function painted(source: HTMLCanvasElement): SVGPathElement[] {
  const paint = drawingOn(source);
  return paint ? pathsOf(paint) : [];
}

/** The choice that a list shows, as a word. */
function choice(source: HTMLSelectElement, [left, top]: Origin): SVGElement[] {
  const box = source.getBoundingClientRect();
  const style = getComputedStyle(source);
  const word = source.selectedOptions[0]?.textContent ?? '';
  const baseline = box.top + box.height / 2 + Number.parseFloat(style.fontSize) * 0.36;
  return [written(word, [px(box.left - left), px(baseline - top)], style)];
}

/** A solid line below words. */
function ruled(part: Element, [left, top]: Origin): SVGElement[] {
  const { borderBottomStyle: kind, borderBottomWidth: width, borderBottomColor: stroke } = getComputedStyle(part);
  if (kind !== 'solid' || Number.parseFloat(width) === 0) return [];
  const box = part.getBoundingClientRect();
  const y = px(box.bottom - top - Number.parseFloat(width) / 2);
  return [element('line', { x1: px(box.left - left), x2: px(box.right - left), y1: y, y2: y, stroke })];
}

/** The words of a text, a piece for each line that they fill. */
function lines(text: Text, [left, top]: Origin): SVGElement[] {
  const parent = text.parentElement;
  if (!parent || text.data.trim() === '') return [];
  const style = getComputedStyle(parent);
  const pieces: { words: string; box: DOMRect }[] = [];
  const range = document.createRange();
  for (const { 0: word, index } of text.data.matchAll(/\S+/g)) {
    range.setStart(text, index);
    range.setEnd(text, index + word.length);
    const box = range.getBoundingClientRect();
    const last = pieces.at(-1);
    if (box.width === 0) continue;
    if (last && Math.abs(last.box.top - box.top) < 1) last.words += ` ${word}`;
    else pieces.push({ words: word, box });
  }
  const { ascent, descent } = heights(style);
  return pieces.map(({ words, box }) => {
    const baseline = box.top + (box.height - ascent - descent) / 2 + ascent;
    return written(words, [px(box.left - left), px(baseline - top)], style);
  });
}

let measure: CanvasRenderingContext2D | null | undefined;

/** How far letters of this font reach above and below the line that they stand on. */
function heights({ font, fontSize }: CSSStyleDeclaration): { ascent: number; descent: number } {
  measure ??= document.createElement('canvas').getContext('2d');
  const size = Number.parseFloat(fontSize);
  if (!measure) return { ascent: 0.93 * size, descent: 0.24 * size };
  measure.font = font;
  const { fontBoundingBoxAscent: ascent, fontBoundingBoxDescent: descent } = measure.measureText('x');
  return { ascent, descent };
}

function written(words: string, [x, y]: readonly [number, number], style: CSSStyleDeclaration): SVGTextElement {
  const { 'text-anchor': _, ...writing } = writingOf(style);
  return element('text', { x, y, fill: style.color, ...writing }, words);
}
