import { readFile } from 'node:fs/promises';
import { beforeAll, expect, test } from 'vitest';
import { type Card, parseCard } from '../formats/card.ts';
import { parseLink } from '../formats/link.ts';
import { metadata } from '../methods/metadata.ts';
import { openBackend } from './backend.ts';
import { createEvaluator, type Evaluator } from './evaluator.ts';
import peer from './fixtures/evaluate/result.json';
import { createMerger } from './merger.ts';
import { openZoo } from './zoo.ts';

const FOLDER = 'public/zoo/glyph-vit';

let card: Card;
let evaluator: Evaluator;

beforeAll(async () => {
  await openBackend({ wasmPaths: 'node_modules/@tensorflow/tfjs-backend-wasm/dist/', among: ['wasm'] });
  card = parseCard(JSON.parse(await readFile(`${FOLDER}/card.json`, 'utf8')), 'card.json');
  const zoo = openZoo(card, async (file) => new Uint8Array(await readFile(`${FOLDER}/${file}`)));
  const link = parseLink(peer.link, metadata, card);
  if (link.kind === 'refused') throw new Error(link.reason);
  const { weights } = await createMerger(zoo, () => 0).merge(link.recipe);
  evaluator = createEvaluator(zoo);
  evaluator.use({ weights });
  weights.dispose();
});

test.each(peer.tasks)(
  'PyTorch, reading the exported file, has as many right answers on $id, and the same loss',
  async ({ id, ...wanted }) => {
    // Exactly as many: its closest decision is by thousandths of a logit, rounding differs by millionths.
    expect(wanted.smallestMargin).toBeGreaterThan(1e-3);
    const score = await evaluator.count({ task: id, split: 'test', from: 0, to: peer.samples });
    expect(score).toEqual({ correct: wanted.correct, n: wanted.n, loss: expect.closeTo(wanted.loss, 2) });
  },
);

test('the peer’s tasks are the family’s', () => {
  expect(peer.tasks.map(({ id }) => id)).toEqual(card.tasks.map(({ id }) => id));
});
