/** The studio's engine over files on disk: the same code, the same WebAssembly, the same batches as the page. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { type BackendReport, openBackend } from '../../engine/backend.ts';
import { StudioError } from '../../engine/fault.ts';
import { openZoo, type Zoo } from '../../engine/zoo.ts';
import { type Card, parseCard } from '../../formats/card.ts';
import type { Space } from '../../formats/coefficients.ts';
import { parseLink, peekLink } from '../../formats/link.ts';
import type { Recipe } from '../../formats/recipe.ts';
import { checkRecipe } from '../../formats/recipe-check.ts';
import { metadata } from '../../methods/metadata.ts';

/** The bundle lies two folders below the project's root, where its files are addressed from. */
const ROOT = process.cwd();

/** Where TensorFlow.js's WebAssembly lies. */
export function wasmFolder(): string {
  const entry = createRequire(join(ROOT, 'package.json')).resolve('@tensorflow/tfjs-backend-wasm/package.json');
  return join(dirname(entry), 'dist/');
}

/** Opens WebAssembly, like the page on a machine without a GPU. */
export const openWasm = (): Promise<BackendReport> => openBackend({ wasmPaths: wasmFolder(), among: ['wasm'] });

export async function readCard(family: string): Promise<Card> {
  const path = join(ROOT, 'public', 'zoo', family, 'card.json');
  const text = await readFile(path, 'utf8').catch(() => {
    throw new StudioError('zoo', `${path}: cannot be read; run \`npm run train -- ${family}\``);
  });
  return parseCard(JSON.parse(text), path);
}

export function openLocalZoo(card: Card): Zoo {
  return openZoo(card, async (file) => new Uint8Array(await readFile(join(ROOT, 'public', 'zoo', card.family, file))));
}

export interface Opened {
  readonly recipe: Recipe;
  readonly card: Card;
  /** What MAP varies. */
  readonly space: Space;
  /** What was repaired in the link, for stderr. */
  readonly notes: readonly string[];
}

/** @throws StudioError saying what is wrong with the link and what to do */
export async function openLinkText(link: string | undefined): Promise<Opened> {
  if (link === undefined) throw new StudioError('recipe', "a link is missing, for example '#v=1&l=.3,.3,.3,.3'");
  const start = link.indexOf('#');
  const hash = start >= 0 ? link.slice(start) : link.startsWith('v=') ? `#${link}` : undefined;
  if (hash === undefined) throw new StudioError('recipe', `"${link}" is no link of the studio: it has no part "#v=…"`);
  const peeked = peekLink(hash);
  if (peeked.kind === 'refused') throw new StudioError('recipe', `${peeked.reason} ${peeked.todo}`);
  const card = await readCard(peeked.family);
  const parsed = parseLink(hash, metadata, card);
  if (parsed.kind === 'refused') throw new StudioError('recipe', `${parsed.reason} ${parsed.todo}`);
  const refusal = checkRecipe(parsed.recipe, metadata, card);
  if (refusal) throw new StudioError('recipe', refusal);
  const space = { vary: parsed.view.vary, blocks: card.model.blocks };
  return { recipe: parsed.recipe, card, space, notes: parsed.notes };
}
