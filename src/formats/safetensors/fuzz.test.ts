import { expect, test } from 'vitest';
import { type Random, randomStream } from '../../core/random/counter.ts';
import { WIDTH } from './dtype.ts';
import { headerLength, LENGTH_BYTES, parseHeader, SafetensorsError } from './header.ts';
import { headerBytes } from './write.ts';

const COUNT = 10_000;
/** What the seeds' tensors take. */
const SEED_DATA: readonly number[] = [24 + 6 + 8, 1, 0];
/** Of processor time, in which no other program takes part. A header of these sizes takes less than a millisecond; a hang, seconds. */
const SLOW_MS = 1000;

const SEEDS: readonly Uint8Array[] = [
  headerBytes(
    [
      { name: 'model.layers.0.weight', dtype: 'F32', shape: [2, 3] },
      { name: 'bias', dtype: 'BF16', shape: [3] },
      { name: 'empty', dtype: 'F16', shape: [0, 7] },
      { name: 'steps', dtype: 'I64', shape: [] },
    ],
    { format: 'pt', 'é"\\': '\n' },
  ),
  headerBytes([{ name: '__proto__', dtype: 'U8', shape: [1, 1, 1] }]),
  headerBytes([]),
];
const NUMBERS = [
  '-1',
  '-0',
  '1.0',
  '1e3',
  '0',
  '9007199254740992',
  '4294967296',
  '18446744073709551615',
  '1e999',
  'null',
];
const PIECES = [
  '{',
  '}',
  '[',
  ']',
  ',',
  ':',
  '"',
  '\\',
  '\\ud800',
  '\ufeff',
  '\0',
  ' ',
  '"dtype":"F64",',
  '[[[[',
  '"__metadata__":',
];

/** One to three damages, to what is JSON or to any byte; then the length in front and the data behind. */
function mutated(random: Random): Uint8Array {
  const pick = random.integer;
  const which = pick(SEEDS.length);
  const seed = SEEDS[which] as Uint8Array;
  let text = new TextDecoder().decode(seed.subarray(LENGTH_BYTES));
  for (let left = 1 + pick(3); left > 0; left--) {
    const at = pick(text.length + 1);
    const other = at + pick(40);
    const edits = [
      () => text.slice(0, at) + PIECES[pick(PIECES.length)] + text.slice(at),
      () => text.slice(0, at) + text.slice(other),
      () => text.slice(0, other) + text.slice(at),
      () => text.replace(/\d+/g, (number) => (pick(6) === 0 ? (NUMBERS[pick(NUMBERS.length)] as string) : number)),
      () => text.replace(/"(F32|BF16|F16|I64|U8)"/, () => `"${Object.keys(WIDTH)[pick(15)]}"`),
      () => text.slice(0, at) + PIECES[pick(PIECES.length)]?.repeat(300) + text.slice(at),
      () => text.replace(/[,:]/g, (mark) => (pick(3) === 0 ? `${mark} \n` : mark)),
    ];
    text = edits[pick(edits.length)]?.() ?? text;
  }
  const json = new TextEncoder().encode(text);
  if (pick(4) === 0 && json.length > 0) json[pick(json.length)] = pick(256);
  const data = pick(4) > 0 ? (SEED_DATA[which] as number) : pick(50);
  const bytes = new Uint8Array(LENGTH_BYTES + json.length + data);
  const claimed = pick(20) === 0 ? Math.floor(random.uniform() * 2 ** pick(64)) : json.length;
  new DataView(bytes.buffer).setBigUint64(0, BigInt(claimed), true);
  bytes.set(json, LENGTH_BYTES);
  return bytes;
}

test(`${COUNT} damaged headers each give a sound header or a SafetensorsError, quickly`, () => {
  const random = randomStream(5, 'headers');
  let accepted = 0;
  for (let i = 0; i < COUNT; i++) {
    const bytes = mutated(random);
    const started = process.cpuUsage();
    try {
      const dataStart = LENGTH_BYTES + headerLength(bytes, bytes.length, 'file');
      const { tensors } = parseHeader(bytes.subarray(LENGTH_BYTES, dataStart), bytes.length, 'file');
      checkSound(tensors, dataStart, bytes.length);
      accepted++;
    } catch (error) {
      if (!(error instanceof SafetensorsError)) throw new Error(`header ${i}: ${error}`, { cause: error });
      if (error.message.length > 2000) throw new Error(`header ${i}: a message of ${error.message.length} characters`);
    }
    const took = process.cpuUsage(started).user / 1000;
    if (took > SLOW_MS) throw new Error(`header ${i}: took ${took} ms`);
  }
  // Neither nearly all nor nearly none, or the damages would be of one kind.
  expect(accepted).toBeGreaterThan(COUNT / 50);
  expect(accepted).toBeLessThan(COUNT / 2);
});

/** What whoever reads tensors relies on: every byte of the data belongs to one tensor, whose size is that of its shape. */
function checkSound(tensors: ReturnType<typeof parseHeader>['tensors'], start: number, size: number): void {
  let reached = start;
  for (const [name, { dtype, shape, begin, end }] of tensors) {
    const elements = shape.reduce((product, side) => product * side, 1);
    expect(
      shape.every((side) => Number.isSafeInteger(side) && side >= 0),
      name,
    ).toBe(true);
    expect([begin, end - begin], name).toEqual([reached, elements * WIDTH[dtype]]);
    reached = end;
  }
  expect(reached).toBe(size);
}
