import { readFileSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import peer from '../../../e2e/fixtures/own-mlp/result.json' with { type: 'json' };
import { parseCard } from '../../formats/card.ts';
import { gramsOf } from '../../formats/data/text.ts';
import { openingRecipe } from '../../formats/recipe.ts';
import { metadata } from '../../methods/metadata.ts';
import { featuresOf, logitsOf } from '../../models/architecture.ts';
import { openBackend } from '../backend.ts';
import { createEvaluator } from '../evaluator.ts';
import type { Reply } from '../fault.ts';
import { createMerger } from '../merger.ts';
import { openZoo } from '../zoo.ts';
import { createOwnService } from './own-service.ts';

const FOLDER = 'e2e/fixtures/own-mlp';
const wasmPaths = 'node_modules/@tensorflow/tfjs-backend-wasm/dist/';
const FILES = [
  'base.safetensors',
  'digits.safetensors',
  'upper.safetensors',
  'digits-images-idx3-ubyte',
  'digits-labels-idx1-ubyte',
  'upper-images-idx3-ubyte.gz',
  'upper-labels-idx1-ubyte.gz',
];
const file = (path: string, bytes: Uint8Array<ArrayBuffer> = new Uint8Array(readFileSync(`${FOLDER}/${path}`))) => ({
  path,
  blob: new Blob([bytes]),
});
const text = (path: string, content: string) => ({ path, blob: new Blob([content]) });

function resultOf<T>(reply: Reply<T>): T {
  if (!reply.ok) throw new Error(reply.failure.message);
  return reply.value;
}

const noPictures = async () => {
  throw new Error('there are no pictures here');
};

async function opened(files = FILES) {
  const service = createOwnService(noPictures);
  const found = resultOf(await service.add(files.map((path) => file(path))));
  const data = (name: string) => found.data.find((each) => each.name === name)?.id ?? '';
  const choice = {
    base: 'base.safetensors',
    attentionHeads: null,
    experts: ['digits', 'upper'].map((name) => ({ path: `${name}.safetensors`, task: name, data: data(name) })),
  };
  return { service, found, choice };
}

beforeAll(async () => {
  await openBackend({ wasmPaths, among: ['wasm'] });
});

describe('own files', () => {
  it('are recognised: perceptrons with heads, and pairs of IDX files', async () => {
    const { found } = await opened();
    expect(found.problems).toEqual([]);
    expect(found.models.map(({ name, tasks }) => [name, tasks.join()])).toEqual([
      ['base', 'digits,upper'],
      ['digits', 'digits'],
      ['upper', 'upper'],
    ]);
    expect(found.models[0]?.about).toBe('perceptron 196 → 48 → 24, relu, 10,632 weights');
    expect(found.data.map(({ name, kind, files }) => [name, kind, files.length])).toEqual([
      ['digits', 'idx', 2],
      ['upper', 'idx', 2],
    ]);
  });

  it('that are no network here are told, and the others stay', async () => {
    const { service } = await opened();
    const found = resultOf(await service.add([text('x.safetensors', 'not a file of tensors')]));
    expect(found.problems).toHaveLength(1);
    expect(found.problems[0]).toContain('x.safetensors');
    expect(found.models).toHaveLength(3);
  });

  it('that come again take the place of those before, and of what was wrong with them', async () => {
    const { service, choice } = await opened();
    const bad = resultOf(await service.add([text('digits.safetensors', 'not a file of tensors')]));
    expect(bad.models.map(({ name }) => name)).toEqual(['base', 'upper']);
    expect(bad.problems).toHaveLength(1);
    const good = resultOf(await service.add([file('digits.safetensors')]));
    expect(good.models).toHaveLength(3);
    expect(good.problems).toEqual([]);
    const lines = (count: number) =>
      text('digits.csv', Array.from({ length: count }, (_, i) => `${'0,'.repeat(196)}${i % 10}`).join('\n'));
    const counted = async (count: number) => {
      const { data } = resultOf(await service.add([lines(count)]));
      const id = data.find(({ kind }) => kind === 'table')?.id ?? '';
      const [first, second] = choice.experts;
      if (!first || !second) throw new Error('no experts');
      return resultOf(await service.check({ ...choice, experts: [{ ...first, data: id }, second] })).experts[0]
        ?.samples;
    };
    expect([await counted(40), await counted(60)]).toEqual([40, 60]);
  });

  it('become a family whose models have PyTorch’s logits and as many right answers', async () => {
    const { service, choice } = await opened();
    const report = resultOf(await service.check(choice));
    expect(report.sizes).toEqual({ test: 200, calibration: 100 });
    const told: string[] = [];
    const { card, files } = resultOf(
      await service.build(choice, wasmPaths, (model, task, { n }) => told.push(`${model} ${task} ${n}`)),
    );
    expect(told).toHaveLength(3 * 2);
    expect(parseCard(JSON.parse(JSON.stringify(card)), 'card')).toEqual(card);
    const zoo = openZoo(card, async (name) => files.get(name) ?? new Uint8Array(0));
    const evaluator = createEvaluator(zoo);
    for (const [model, tasks] of Object.entries(peer.models)) {
      const flat = await zoo.model(model);
      evaluator.use({ weights: flat });
      for (const [task, wanted] of Object.entries(tasks)) {
        // Test and calibration together are all that PyTorch was given.
        const test = await evaluator.count({ task, split: 'test', from: 0, to: 200 });
        const calibration = await evaluator.count({ task, split: 'calibration', from: 0, to: 100 });
        expect(test.correct + calibration.correct).toBe(wanted.correct);
        expect(card.accuracy[model]?.[task]?.at(-1)).toEqual({ correct: test.correct, n: 200 });
        expect(largestDifference(await logits(zoo, flat, task), wanted.logits.flat())).toBeLessThan(1e-5);
      }
    }
    evaluator.dispose();
    // The card is one that everything else can merge.
    const merger = createMerger(zoo, () => 0);
    const { weights } = await merger.merge(openingRecipe(card, metadata));
    evaluator.use({ weights });
    const { correct } = await evaluator.count({ task: 'digits', split: 'test', from: 0, to: 200 });
    expect(correct).toBeGreaterThan(card.accuracy.base?.digits?.at(-1)?.correct ?? 200);
    weights.dispose();
    merger.dispose();
    evaluator.dispose();
  });

  it('make the same family whoever opens them, and another one with other data', async () => {
    const build = async () => {
      const { service, choice } = await opened();
      return { service, choice, made: resultOf(await service.build(choice, wasmPaths, () => {})) };
    };
    const [one, two] = [await build(), await build()];
    expect(one.made.card.family).toMatch(/^own-[0-9a-f]{12}$/);
    expect(two.made.card).toEqual(one.made.card);
    const [first, second] = one.choice.experts;
    if (!first || !second) throw new Error('no experts');
    const swapped = { ...one.choice, experts: [first, { ...second, data: first.data }] };
    const other = resultOf(await one.service.build(swapped, wasmPaths, () => {}));
    expect(other.card.family).not.toBe(one.made.card.family);
  });

  it('that do not fit each other are refused with both sides', async () => {
    const { service, choice, found } = await opened();
    const csv = `f1,f2,label\n${Array.from({ length: 20 }, (_, i) => `${i},1,${i % 10}`).join('\n')}\n`;
    const more = resultOf(await service.add([text('short.csv', csv)]));
    expect(more.data).toHaveLength(found.data.length + 1);
    const id = more.data.at(-1)?.id ?? '';
    const [first, second] = choice.experts;
    if (!first || !second) throw new Error('no experts');
    const reply = await service.check({ ...choice, experts: [{ ...first, data: id }, second] });
    expect(reply.ok ? '' : reply.failure.message).toBe('short: each sample has 2 numbers, but the network takes 196');
  });
});

it('that have the zoo’s own layout are the zoo’s transformers, with as many right answers as its card says', async () => {
  const folder = 'public/zoo/glyph-vit';
  const card = parseCard(JSON.parse(readFileSync(`${folder}/card.json`, 'utf8')), 'card.json');
  const zoo = openZoo(card, async (name) => new Uint8Array(readFileSync(`${folder}/${name}`)));
  const bytes = (name: string) => new Uint8Array(readFileSync(`${folder}/${name}`));
  const tasks = ['digits', 'kana'] as const;
  const service = createOwnService(noPictures);
  const models = ['base', ...tasks, 'heads'].map((name) => file(`${name}.safetensors`, bytes(`${name}.safetensors`)));
  const data = await Promise.all(
    tasks.map(async (task) => {
      const { images, labels } = await zoo.samples(task, 'test', 0, 512);
      return [
        file(
          `${task}-images-idx3-ubyte`,
          idx(
            [512, 28, 28],
            Uint8Array.from(images, (level) => Math.round(255 * level)),
          ),
        ),
        file(`${task}-labels-idx1-ubyte`, idx([512], labels)),
      ];
    }),
  );
  const found = resultOf(await service.add([...models, ...data.flat()]));
  expect(found.problems).toEqual([]);
  expect(found.models.map(({ name }) => name)).toEqual(['base', 'digits', 'kana']);
  const experts = tasks.map((task) => ({
    path: `${task}.safetensors`,
    task,
    data: found.data.find(({ name }) => name === task)?.id ?? '',
  }));
  const made = resultOf(
    await service.build({ base: 'base.safetensors', attentionHeads: null, experts }, wasmPaths, () => {}),
  );
  const evaluator = createEvaluator(openZoo(made.card, async (name) => made.files.get(name) ?? new Uint8Array(0)));
  evaluator.use({ weights: await zoo.model('kana') });
  // A third of 512 is apart; both parts are all that the card counts.
  const test = await evaluator.count({ task: 'kana', split: 'test', from: 0, to: 342 });
  const apart = await evaluator.count({ task: 'kana', split: 'calibration', from: 0, to: 170 });
  expect(test.correct + apart.correct).toBe(card.accuracy.kana?.kana?.at(-1)?.correct);
  expect(made.card.accuracy.kana?.kana?.at(-1)?.correct).toBe(test.correct);

  // Its files do not tell the number of attention heads: another one makes another network, which the card has.
  expect(found.models[0]?.attention?.possible).toContain(card.model.architecture === 'vit' ? card.model.heads : 0);
  const single = { base: 'base.safetensors', attentionHeads: 1, experts };
  const other = resultOf(await service.build(single, wasmPaths, () => {})).card;
  expect(other.model).toMatchObject({ heads: 1 });
  expect(other.family).not.toBe(made.card.family);
  expect(other.accuracy.kana?.kana?.at(-1)?.correct).toBeLessThan(test.correct);
  const reply = await service.check({ ...single, attentionHeads: 5 });
  expect(reply.ok ? '' : reply.failure.message).toContain('5 attention heads do not divide');
  evaluator.dispose();
});

function idx(sides: readonly number[], values: Uint8Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(4 + 4 * sides.length + values.length);
  bytes.set([0, 0, 8, sides.length]);
  sides.forEach((side, axis) => {
    new DataView(bytes.buffer).setUint32(4 + 4 * axis, side);
  });
  bytes.set(values, 4 + 4 * sides.length);
  return bytes;
}

/** Of the first images of the file, which PyTorch saw too. */
async function logits(zoo: ReturnType<typeof openZoo>, flat: Float32Array, task: string): Promise<Float32Array> {
  const name = task === 'upper' ? 'upper-images-idx3-ubyte.gz' : 'digits-images-idx3-ubyte';
  const { unpacked } = await import('../../formats/data/unpack.ts');
  const { readIdx } = await import('../../formats/data/idx.ts');
  const { bytes } = readIdx(unpacked(new Uint8Array(readFileSync(`${FOLDER}/${name}`)), name), name);
  const head = await zoo.head(task);
  return tf.tidy(() => {
    const weights = Object.fromEntries(
      zoo.table.map(({ name: tensor, shape, start, length }) => [
        tensor,
        tf.tensor(flat.subarray(start, start + length), [...shape]),
      ]),
    );
    const images = tf.tensor2d(
      Float32Array.from(bytes.subarray(0, 4 * 196), (byte) => byte / 255),
      [4, 196],
    );
    const { model } = zoo.card;
    return logitsOf(featuresOf(weights, images, model), tf.tensor2d(head.values, [...head.shape]), model)
      .dataSync<'float32'>()
      .slice();
  });
}

const largestDifference = (got: ArrayLike<number>, wanted: readonly number[]): number => {
  expect(got.length).toBe(wanted.length);
  return wanted.reduce((worst, value, i) => Math.max(worst, Math.abs(value - (got[i] ?? Number.NaN))), 0);
};

it('texts are hashed as the script for training does', () => {
  for (const [content, wanted] of Object.entries(peer.ngrams))
    expect(largestDifference(gramsOf(content, 64), wanted)).toBeLessThan(1e-6);
});
