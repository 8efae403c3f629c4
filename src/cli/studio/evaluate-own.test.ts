import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import peer from '../../../e2e/fixtures/own-mlp/result.json' with { type: 'json' };
import { divided, labelled, sizesFor } from '../../formats/data/divide.ts';
import { readIdx } from '../../formats/data/idx.ts';
import { unpacked } from '../../formats/data/unpack.ts';
import { evaluateOwn } from './evaluate-own.ts';

const FOLDER = 'e2e/fixtures/own-mlp';
const NONE = {
  json: true,
  samples: undefined,
  base: undefined,
  experts: undefined,
  tasks: undefined,
  data: undefined,
  attentionHeads: undefined,
};

/** A folder with some of the fixture's files and others. */
function folderOf(names: readonly string[], others: Readonly<Record<string, string>> = {}): string {
  const folder = mkdtempSync(join(tmpdir(), 'merge-studio-own-'));
  for (const name of names) copyFileSync(join(FOLDER, name), join(folder, name));
  for (const [path, text] of Object.entries(others)) {
    mkdirSync(join(folder, path, '..'), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}
const MODELS = ['base.safetensors', 'digits.safetensors', 'upper.safetensors'];
const DIGITS = ['digits-images-idx3-ubyte', 'digits-labels-idx1-ubyte'];
const UPPER = ['upper-images-idx3-ubyte.gz', 'upper-labels-idx1-ubyte.gz'];

/** Places of the test samples among all. */
function testPlaces(task: 'digits' | 'upper', classes: number): readonly number[] {
  const [, name = ''] = task === 'digits' ? DIGITS : UPPER;
  const { bytes } = readIdx(unpacked(new Uint8Array(readFileSync(join(FOLDER, name))), name), name);
  const samples = { values: new Uint8Array(0), inputs: 0, labels: Array.from(bytes, String), notes: [] };
  const names = Array.from({ length: classes }, (_, i) => String(i));
  const own = labelled(samples, names, name);
  return divided(own.classes, sizesFor(own.places.length)).test.map((place) => own.places[place] ?? 0);
}

describe('evaluate --own', () => {
  it('counts as many right answers as PyTorch on the very same test samples', async () => {
    const result = JSON.parse(await evaluateOwn(FOLDER, undefined, NONE));
    expect(result.sizes).toEqual({ test: 200, calibration: 100 });
    expect(result.experts.map(({ model, task, samples }: Record<string, unknown>) => [model, task, samples])).toEqual([
      ['digits', 'digits', 300],
      ['upper', 'upper', 300],
    ]);
    for (const [task, classes] of [
      ['digits', 10],
      ['upper', 26],
    ] as const) {
      const places = testPlaces(task, classes);
      expect(places).toHaveLength(200);
      for (const model of ['base', 'digits', 'upper'] as const) {
        const right = places.filter((place) => peer.models[model][task].right[place] === '1').length;
        expect(result.models[model][task], `${model} on ${task}`).toEqual({ correct: right, n: 200 });
      }
    }
  });

  it('measures the merge of a link too: without any expert it is the base', async () => {
    const none = JSON.parse(await evaluateOwn(FOLDER, '#v=1&l=0,0', NONE));
    for (const { id, accuracy } of none.tasks) expect(accuracy).toBe(none.models.base[id].correct / 200);
    const usual = JSON.parse(await evaluateOwn(FOLDER, undefined, { ...NONE, samples: '64' }));
    expect(usual.method).toBe('task-arithmetic');
    expect(usual.tasks.map(({ n }: { n: number }) => n)).toEqual([64, 64]);
    expect(usual.family).toBe(none.family);
    await expect(evaluateOwn(FOLDER, '#v=1&z=own-0123456789ab', NONE)).rejects.toThrow(
      `the link is to own-0123456789ab, but these files make the family ${none.family}`,
    );
  });

  it('tells the sets and the warnings in words where no JSON is wanted', async () => {
    const text = await evaluateOwn(FOLDER, undefined, { ...NONE, json: false });
    expect(text).toContain('perceptron 196 → 48 → 24');
    expect(text).toMatch(/upper: 300 samples\. Fewer than 30 samples of 26 of 26 classes/);
    expect(text).toContain('Right answers on 200 test samples per task; 100 others');
  });

  it('takes names that do not tell what belongs together from options', async () => {
    const folder = folderOf(MODELS, {});
    for (const name of [...DIGITS, ...UPPER])
      copyFileSync(join(FOLDER, name), join(folder, name.replace('digits', 'first').replace('upper', 'second')));
    await expect(evaluateOwn(folder, undefined, NONE)).rejects.toThrow(
      /Choose the data that digits\.safetensors is measured on\. Say it with .*Found: .*data first, second/,
    );
    const data = 'digits=first,upper=second';
    const named = JSON.parse(await evaluateOwn(folder, undefined, { ...NONE, data }));
    const usual = JSON.parse(await evaluateOwn(FOLDER, undefined, NONE));
    expect(named.models).toEqual(usual.models);
    await expect(evaluateOwn(folder, undefined, { ...NONE, data: 'digits=third' })).rejects.toThrow(
      '--data: got "third", wanted one of first, second',
    );
    await expect(evaluateOwn(folder, undefined, { ...NONE, data, base: 'nobody' })).rejects.toThrow(
      '--base: got "nobody", wanted one of base, digits, upper',
    );
  });

  it('says what is wrong with a folder', async () => {
    await expect(evaluateOwn('/no/such/folder', undefined, NONE)).rejects.toThrow('is no folder');
    await expect(evaluateOwn(folderOf([]), undefined, NONE)).rejects.toThrow('Add the models');
    const pictures = { 'digits/cat/a.png': 'x', 'digits/dog/b.png': 'y' };
    await expect(evaluateOwn(folderOf([...MODELS, ...UPPER], pictures), undefined, NONE)).rejects.toThrow(
      'digits: 2 pictures (digits/cat/a.png …) cannot be read on the command line.',
    );
    await expect(evaluateOwn(FOLDER, undefined, { ...NONE, samples: '7' })).rejects.toThrow(
      '--samples: got "7", wanted all or one of 64, 200',
    );
  });
});
