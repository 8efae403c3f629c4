/** What canvases of the page are drawn with, so that the same drawing can be made as paths for a picture. */
export type Pen = Pick<
  CanvasRenderingContext2D,
  | 'beginPath'
  | 'moveTo'
  | 'lineTo'
  | 'closePath'
  | 'arc'
  | 'stroke'
  | 'fill'
  | 'setLineDash'
  | 'strokeStyle'
  | 'fillStyle'
  | 'lineWidth'
  | 'lineJoin'
  | 'globalAlpha'
>;

/** Draws with a pen whose unit is a CSS pixel, a part at every call of `next`. */
export type Paint = (pen: Pen) => Iterator<void>;

const drawings = new WeakMap<HTMLCanvasElement, Paint>();

/** Remembers what is on a canvas. */
export function drawnBy(canvas: HTMLCanvasElement, paint: Paint): void {
  drawings.set(canvas, paint);
}

/** What was painted on the canvas last; undefined for a canvas that nobody told of. */
export const drawingOn = (canvas: HTMLCanvasElement): Paint | undefined => drawings.get(canvas);
