/**
 * Opens typeface files for drawing. A glyph that a file lacks would silently be drawn from an installed system font, so every
 * file gets an alias of its own and its character map is checked before anything is drawn.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { scriptOf } from './tasks.ts';
import { checkSplits, type Script, type Split, type Style, TYPEFACES, type Typeface } from './typefaces.ts';

/** What is used of a 2-D canvas context. */
export interface Context {
  font: string;
  setTransform(a: number, b: number, c: number, d: number, e: number, f: number): void;
  clearRect(x: number, y: number, width: number, height: number): void;
  fillText(text: string, x: number, y: number): void;
  measureText(text: string): {
    actualBoundingBoxLeft: number;
    actualBoundingBoxRight: number;
    actualBoundingBoxAscent: number;
    actualBoundingBoxDescent: number;
  };
  getImageData(x: number, y: number, width: number, height: number): { data: Uint8ClampedArray };
}

interface CanvasPackage {
  createCanvas(width: number, height: number): { getContext(kind: '2d'): Context };
  GlobalFonts: { registerFromPath(path: string, alias: string): unknown };
}

interface OpentypePackage {
  parse(buffer: ArrayBuffer): { charToGlyphIndex(character: string): number };
}

/** One file: a typeface, one script, one weight. */
export interface Face {
  readonly alias: string;
  readonly typeface: string;
  readonly split: Split;
  readonly style: Style | undefined;
  readonly script: Script;
  /** Height of a capital H at FONT_SIZE, so that typefaces can be drawn equally large. */
  readonly capHeight: number;
}

export interface Typefoundry {
  readonly faces: readonly Face[];
  readonly context: Context;
  /** Version and licence of each typeface, from its package. */
  readonly packages: ReadonlyMap<string, { name: string; version: string; licence: string }>;
  readonly versions: Readonly<Record<string, string>>;
}

/** Glyphs are set at this size, in pixels, and scaled by the transform: no hinting at the final size. */
export const FONT_SIZE = 64;

/** The folder with the packages that only training needs; programs run in the repository's root. */
const FOLDER = join(process.cwd(), 'src/cli/train');

function ensureInstalled(): void {
  if (existsSync(join(FOLDER, 'node_modules/@napi-rs/canvas'))) return;
  console.log('installing the typefaces and the renderer (npm ci in src/cli/train) …');
  const run = spawnSync('npm', ['ci', '--no-audit', '--no-fund'], { cwd: FOLDER, stdio: 'inherit' });
  if (run.status !== 0) throw new Error('npm ci in src/cli/train failed; the typefaces are needed for training');
}

/** @param characters every character that will be drawn */
export function openTypefoundry(characters: readonly string[], imageSize: number): Typefoundry {
  ensureInstalled();
  checkSplits(TYPEFACES);
  const load = createRequire(join(FOLDER, 'package.json'));
  const canvas = load('@napi-rs/canvas') as CanvasPackage;
  const opentype = load('opentype.js') as OpentypePackage;
  const context = canvas.createCanvas(imageSize, imageSize).getContext('2d');
  const manifest = (name: string) =>
    JSON.parse(readFileSync(join(FOLDER, 'node_modules', name, 'package.json'), 'utf8')) as {
      version: string;
      license: string;
    };
  const faces: Face[] = [];
  const packages = new Map<string, { name: string; version: string; licence: string }>();
  for (const typeface of TYPEFACES) {
    const name = `@fontsource/${typeface.id}`;
    const { version, license } = manifest(name);
    packages.set(typeface.id, { name, version, licence: license });
    for (const weight of typeface.weights)
      faces.push(...openWeight(typeface, weight, { characters, canvas, opentype, context }));
  }
  const versions = {
    '@napi-rs/canvas': manifest('@napi-rs/canvas').version,
    'opentype.js': manifest('opentype.js').version,
  };
  return { faces, context, packages, versions };
}

interface Opening {
  readonly characters: readonly string[];
  readonly canvas: CanvasPackage;
  readonly opentype: OpentypePackage;
  readonly context: Context;
}

function openWeight(typeface: Typeface, weight: number, { characters, canvas, opentype, context }: Opening): Face[] {
  const { id, split, style } = typeface;
  const register = (script: Script) => {
    const alias = `${id} ${script} ${weight}`;
    const path = join(FOLDER, 'node_modules/@fontsource', id, 'files', `${id}-${script}-${weight}-normal.woff`);
    if (!canvas.GlobalFonts.registerFromPath(path, alias))
      throw new Error(`${path}: the renderer cannot open this typeface`);
    return { alias, path };
  };
  // Files of other scripts hold no H: the height of capitals is that of the same weight's Latin file.
  context.font = `${FONT_SIZE}px "${register('latin').alias}"`;
  const capHeight = context.measureText('H').actualBoundingBoxAscent;
  return typeface.scripts.map((script) => {
    const { alias, path } = register(script);
    const bytes = readFileSync(path);
    const font = opentype.parse(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) as ArrayBuffer);
    const wanted = characters.filter((character) => scriptOf(character) === script);
    const missing = wanted.filter((character) => font.charToGlyphIndex(character) === 0);
    if (missing.length > 0)
      throw new Error(`${path}: has no glyph for ${missing.join(' ')}; the system's fonts would be drawn instead`);
    return { alias, typeface: id, split, style, script, capHeight };
  });
}
