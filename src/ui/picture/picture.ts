/** A plot of the page as a picture that stands for itself: what it shows, how to read it, and what it was made from. */
import { shownIn } from './region.ts';
import { element } from './svg.ts';

export interface PictureRequest {
  readonly title: string;
  /** Lines below the title. */
  readonly about: readonly string[];
  /** Parts of the page, one below the other; the elements of one part keep their places. */
  readonly parts: readonly (readonly Element[])[];
  /** Lines at the foot, and an address in full. */
  readonly notes: readonly string[];
  readonly address: string;
}

const PADDING = 24;
const GAP = 8;
const TITLE = 17;
const SMALL = 12;
const LINE = 17;
const ADDRESS = 10;
/** Width of a letter of the fixed font, as a share of its size. */
const FIXED = 0.602;
/** The whole address is in the description of the file, which viewers show. */
const ADDRESS_LINES = 3;

/** Pixels per unit of the drawing. */
const SCALE = 2;

/** @returns the text of an SVG file; undefined while nothing is drawn */
export function pictureOf(request: PictureRequest): { readonly svg: string; readonly size: Size } | undefined {
  const { title, about, parts, notes, address } = request;
  const boxes = parts.map(boxOf);
  const width = Math.max(...boxes.map((box) => box.width));
  if (parts.length === 0 || !(width > 0)) return undefined;
  const theme = getComputedStyle(document.documentElement);
  const [ink, muted, paper] = ['--ink', '--muted', '--paper'].map((name) => theme.getPropertyValue(name));
  const children: SVGElement[] = [];
  let y = PADDING + TITLE;
  const write = (words: string, attributes: Readonly<Record<string, string | number>>) =>
    children.push(element('text', { x: PADDING, y, ...attributes }, words));

  write(title, { fill: ink ?? '', 'font-size': TITLE, 'font-weight': 600 });
  for (const line of about.flatMap((words) => wrapped(words, width / (SMALL * 0.55)))) {
    y += LINE;
    write(line, { fill: muted ?? '', 'font-size': SMALL });
  }
  parts.forEach((part, i) => {
    const box = boxes[i] ?? new DOMRect();
    y += GAP;
    const origin = [box.left - PADDING, box.top - y] as const;
    children.push(...part.flatMap((each) => shownIn(each, origin)));
    y += box.height;
  });
  y += GAP;
  for (const line of notes.flatMap((words) => wrapped(words, width / (SMALL * 0.55)))) {
    y += LINE;
    write(line, { fill: muted ?? '', 'font-size': SMALL });
  }
  for (const line of cut(address, Math.floor(width / (ADDRESS * FIXED)))) {
    y += LINE;
    write(line, { fill: muted ?? '', 'font-size': ADDRESS, 'font-family': theme.getPropertyValue('--mono') });
  }
  const size = { width: Math.ceil(width + 2 * PADDING), height: Math.ceil(y + PADDING) };
  const file = element(
    'svg',
    { ...size, viewBox: `0 0 ${size.width} ${size.height}`, 'font-family': theme.getPropertyValue('--font') },
    element('title', {}, title),
    element('desc', {}, [...about, ...notes, address].join('\n')),
    element('rect', { ...size, fill: paper ?? '' }),
    ...children,
  );
  return { svg: new XMLSerializer().serializeToString(file), size };
}

interface Size {
  readonly width: number;
  readonly height: number;
}

/** The least box around elements. */
function boxOf(part: readonly Element[]): DOMRect {
  const boxes = part.map((each) => each.getBoundingClientRect());
  const left = Math.min(...boxes.map((box) => box.left));
  const top = Math.min(...boxes.map((box) => box.top));
  const right = Math.max(...boxes.map((box) => box.right));
  const bottom = Math.max(...boxes.map((box) => box.bottom));
  return new DOMRect(left, top, right - left, bottom - top);
}

/** Lines of at most so many letters, broken between words. */
function wrapped(words: string, letters: number): string[] {
  const lines: string[] = [];
  for (const word of words.split(' ')) {
    const last = lines.at(-1);
    if (last === undefined || last.length + word.length >= letters) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}

function cut(text: string, letters: number): string[] {
  const lines = Array.from({ length: Math.ceil(text.length / letters) }, (_, i) =>
    text.slice(i * letters, (i + 1) * letters),
  );
  if (lines.length <= ADDRESS_LINES) return lines;
  return [...lines.slice(0, ADDRESS_LINES - 1), `${(lines[ADDRESS_LINES - 1] ?? '').slice(0, -1)}…`];
}

/** The picture as a PNG of twice as many pixels. @throws Error when the browser cannot draw it */
export async function pngOf({ svg, size }: { readonly svg: string; readonly size: Size }): Promise<Blob> {
  const address = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }));
  try {
    const image = new Image();
    image.src = address;
    await image.decode();
    const sheet = document.createElement('canvas');
    sheet.width = size.width * SCALE;
    sheet.height = size.height * SCALE;
    const context = sheet.getContext('2d');
    if (!context) throw new Error('this browser draws no pictures: save SVG instead');
    context.drawImage(image, 0, 0, sheet.width, sheet.height);
    return await new Promise((resolve, reject) => {
      sheet.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('the picture is too large for this browser'))));
    });
  } finally {
    URL.revokeObjectURL(address);
  }
}
