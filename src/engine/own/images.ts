/** Pictures as grey levels, by the browser's own decoder; only where there is one. */
import { DataError, MAX_SAMPLES, type OwnSamples } from '../../formats/data/samples.ts';
import { classOfImage } from '../../formats/data/sources.ts';
import { StudioError } from '../fault.ts';

/** Of one picture's file. */
const MAX_IMAGE_BYTES = 20_000_000;
/** Weights of red, green and blue in a grey level (ITU-R BT.601, as Pillow's "L"). */
const RED = 0.299;
const GREEN = 0.587;
const BLUE = 0.114;

/** @param inputs of the network: pictures are drawn as squares of so many pixels */
export async function readImages(
  files: readonly { readonly path: string; readonly blob: Blob }[],
  label: string,
  inputs: number,
): Promise<OwnSamples> {
  const side = Math.sqrt(inputs);
  if (!Number.isInteger(side))
    throw new DataError(`${label}: the network takes ${inputs} numbers, which are no square picture`);
  if (files.length > MAX_SAMPLES) throw new DataError(`${label}: has ${files.length} pictures, at most ${MAX_SAMPLES}`);
  const context = canvas(side);
  const values = new Uint8Array(files.length * inputs);
  const labels: string[] = [];
  let resized = 0;
  for (const [row, { path, blob }] of files.entries()) {
    if (blob.size > MAX_IMAGE_BYTES)
      throw new DataError(`${path}: has ${blob.size} bytes, a picture at most ${MAX_IMAGE_BYTES}`);
    const picture = await createImageBitmap(blob).catch(() => undefined);
    if (!picture) throw new DataError(`${path}: is no picture that this browser can read`);
    if (picture.width !== side || picture.height !== side) resized++;
    // Black below what is transparent.
    context.fillStyle = '#000';
    context.fillRect(0, 0, side, side);
    context.drawImage(picture, 0, 0, side, side);
    picture.close();
    values.set(greyOf(context.getImageData(0, 0, side, side).data), row * inputs);
    labels.push(classOfImage(path));
  }
  const notes = resized > 0 ? [`${resized} of ${files.length} pictures were resized to ${side} × ${side} pixels.`] : [];
  return { values, inputs, labels, notes };
}

function canvas(side: number): OffscreenCanvasRenderingContext2D {
  const context =
    typeof OffscreenCanvas === 'undefined'
      ? null
      : new OffscreenCanvas(side, side).getContext('2d', { willReadFrequently: true });
  if (!context) throw new StudioError('recipe', 'Pictures cannot be read here.', 'Use IDX files or a CSV instead.');
  context.imageSmoothingQuality = 'high';
  return context;
}

function greyOf(rgba: Uint8ClampedArray): Uint8Array {
  const at = (i: number) => rgba[i] ?? 0;
  return Uint8Array.from({ length: rgba.length / 4 }, (_, i) =>
    Math.round(RED * at(4 * i) + GREEN * at(4 * i + 1) + BLUE * at(4 * i + 2)),
  );
}
