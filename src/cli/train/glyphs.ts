/** Draws one glyph as a small grey image, with random rotation, shear, scale, shift, contrast and noise. */
import type { Random } from '../../core/random/counter.ts';
import { type Context, type Face, FONT_SIZE } from './faces.ts';

export const IMAGE_SIZE = 28;
export const PIXELS = IMAGE_SIZE * IMAGE_SIZE;
/** Grey levels 0 … 15: four bits a pixel. */
export const TOP_LEVEL = 15;

/** How much the drawings vary; listed on the card. */
export const VARIATION = {
  /** Height of a capital H, in pixels, before scaling. */
  capHeight: 17,
  /** Standard deviation of the rotation, in degrees. */
  rotation: 6,
  /** Standard deviation of the horizontal shear. */
  shear: 0.1,
  /** Half-ranges of the uniform scale and of the aspect ratio. */
  scale: 0.18,
  aspect: 0.1,
  /** Half-range of the shift, in pixels. */
  shift: 2,
  /** Ranges of the grey of paper and of ink. */
  paper: [0, 0.2],
  ink: [0.6, 1],
  /** Range of the standard deviation of the noise. */
  noise: [0.02, 0.1],
  /** A glyph never grows beyond this many pixels. */
  largest: 25,
} as const;

interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

export interface Pen {
  /** @returns PIXELS grey levels, 0 … TOP_LEVEL */
  draw(face: Face, character: string, quarterTurns: number, random: Random): Uint8Array;
}

export function createPen(context: Context): Pen {
  const boxes = new Map<string, Box>();
  const box = (face: Face, character: string): Box => {
    const key = `${face.alias} ${character}`;
    const known = boxes.get(key);
    if (known) return known;
    const measured = context.measureText(character);
    const { actualBoundingBoxLeft: left, actualBoundingBoxAscent: top } = measured;
    const width = left + measured.actualBoundingBoxRight;
    const height = top + measured.actualBoundingBoxDescent;
    if (width <= 0 || height <= 0) throw new Error(`${face.alias}: draws nothing for ${character}`);
    const made = { left: -left, top: -top, width, height };
    boxes.set(key, made);
    return made;
  };
  return {
    draw(face, character, quarterTurns, random) {
      context.setTransform(1, 0, 0, 1, 0, 0);
      context.clearRect(0, 0, IMAGE_SIZE, IMAGE_SIZE);
      context.font = `${FONT_SIZE}px "${face.alias}"`;
      const { left, top, width, height } = box(face, character);
      const between = (low: number, high: number) => low + (high - low) * random.uniform();
      const around = (half: number) => between(-half, half);
      const wanted = (VARIATION.capHeight / face.capHeight) * (1 + around(VARIATION.scale));
      const scale = Math.min(wanted, VARIATION.largest / Math.max(width, height));
      const aspect = 1 + around(VARIATION.aspect);
      const [sx, sy] = [scale * aspect, scale / aspect];
      const angle = (quarterTurns * Math.PI) / 2 + (VARIATION.rotation * Math.PI * random.normal()) / 180;
      const shear = VARIATION.shear * random.normal();
      const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
      // Rotation · shear · scale, in canvas order: (x, y) → (a x + c y + e, b x + d y + f).
      const [a, b] = [cos * sx, sin * sx];
      const [c, d] = [(cos * shear - sin) * sy, (sin * shear + cos) * sy];
      const x = IMAGE_SIZE / 2 + around(VARIATION.shift);
      const y = IMAGE_SIZE / 2 + around(VARIATION.shift);
      const [centreX, centreY] = [left + width / 2, top + height / 2];
      context.setTransform(a, b, c, d, x - a * centreX - c * centreY, y - b * centreX - d * centreY);
      context.fillText(character, 0, 0);
      const { data } = context.getImageData(0, 0, IMAGE_SIZE, IMAGE_SIZE);
      const paper = between(...VARIATION.paper);
      const ink = between(...VARIATION.ink);
      const noise = between(...VARIATION.noise);
      const levels = new Uint8Array(PIXELS);
      for (let i = 0; i < PIXELS; i++) {
        const coverage = (data[4 * i + 3] as number) / 255;
        const grey = paper + (ink - paper) * coverage + noise * random.normal();
        levels[i] = Math.min(TOP_LEVEL, Math.max(0, Math.round(grey * TOP_LEVEL)));
      }
      return levels;
    },
  };
}
