/** Elements of an SVG file, and copies of what is on the page that need no style sheet. */

const SPACE = 'http://www.w3.org/2000/svg';

export function element<Tag extends keyof SVGElementTagNameMap>(
  tag: Tag,
  attributes: Readonly<Record<string, string | number>>,
  ...children: readonly (Node | string)[]
): SVGElementTagNameMap[Tag] {
  const made = document.createElementNS(SPACE, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, String(value));
  made.append(...children);
  return made;
}

/** Attributes that say where and how large; all others are the page's own. */
const GEOMETRY = new Set(
  'd x y x1 y1 x2 y2 cx cy r rx ry dx dy width height points transform id clip-path viewBox'.split(' '),
);
const SHAPES = new Set('path circle ellipse rect line polyline polygon text tspan'.split(' '));
const TEXTS = new Set(['text', 'tspan']);
const DROPPED = new Set(['title', 'desc', 'style', 'script']);

/** Properties of shapes with the values that a viewer assumes. */
const PAINTED: readonly (readonly [string, string])[] = [
  ['fill', 'rgb(0, 0, 0)'],
  ['fill-opacity', '1'],
  ['stroke', 'none'],
  ['stroke-width', '1px'],
  ['stroke-opacity', '1'],
  ['stroke-dasharray', 'none'],
  ['stroke-linecap', 'butt'],
  ['stroke-linejoin', 'miter'],
  ['paint-order', 'normal'],
];
const WRITTEN: readonly (readonly [string, string])[] = [
  ['font-size', ''],
  ['font-weight', '400'],
  ['font-style', 'normal'],
  ['text-anchor', 'start'],
];

export const isSeen = ({ display, visibility, opacity }: CSSStyleDeclaration): boolean =>
  display !== 'none' && visibility === 'visible' && opacity !== '0';

/** What is drawn, handles apart, of an element of a drawing, each shape with its own colours; undefined where nothing is. */
export function plainCopy(
  source: SVGElement,
  ofForeign: (source: SVGElement) => SVGElement | undefined,
): SVGElement | undefined {
  const style = getComputedStyle(source);
  const tag = source.localName;
  if (DROPPED.has(tag) || !isSeen(style) || 'screenOnly' in source.dataset) return undefined;
  if (tag === 'foreignObject') return ofForeign(source);
  const isShape = SHAPES.has(tag);
  const colours = isShape ? paintOf(style) : {};
  if (isShape && !TEXTS.has(tag) && isBlank(colours)) return undefined;
  const copy = document.createElementNS(SPACE, tag);
  for (const { name, value } of source.attributes) if (GEOMETRY.has(name)) copy.setAttribute(name, value);
  const words = TEXTS.has(tag) ? writingOf(style) : {};
  const faint = style.opacity === '1' ? {} : { opacity: style.opacity };
  for (const [name, value] of Object.entries({ ...colours, ...words, ...faint })) copy.setAttribute(name, value);
  for (const child of source.childNodes) {
    if (child instanceof SVGElement) copy.append(...[plainCopy(child, ofForeign) ?? []].flat());
    else if (child.nodeType === Node.TEXT_NODE && TEXTS.has(tag)) copy.append(child.cloneNode());
  }
  return isShape || copy.childNodes.length > 0 ? copy : undefined;
}

function paintOf(style: CSSStyleDeclaration): Record<string, string> {
  const found = PAINTED.flatMap(([name, usual]) => {
    const value = style.getPropertyValue(name);
    return value === usual ? [] : [[name, value.replaceAll('px', '')] as const];
  });
  return Object.fromEntries(found.flatMap(([name, value]) => opaque(name, value)));
}

/** Other programs read no colour with a transparency in it. */
function opaque(name: string, value: string): readonly (readonly [string, string])[] {
  const [, colour, alpha] = /^rgba\((.+), ([\d.]+)\)$/.exec(value) ?? [];
  if (colour === undefined || alpha === undefined) return [[name, value]];
  return Number(alpha) === 0
    ? [[name, 'none']]
    : [
        [name, `rgb(${colour})`],
        [`${name}-opacity`, alpha],
      ];
}

/** A viewer fills with black unless told otherwise. */
const isBlank = ({ fill = 'black', stroke = 'none' }: Record<string, string>): boolean =>
  fill === 'none' && stroke === 'none';

export function writingOf(style: CSSStyleDeclaration): Record<string, string> {
  const found = WRITTEN.flatMap(([name, usual]) => {
    const value = style.getPropertyValue(name);
    return value === usual ? [] : [[name, value.replaceAll('px', '')] as const];
  });
  return Object.fromEntries(found);
}
