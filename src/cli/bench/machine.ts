/** What this machine can do at best: the limits that everything else is held against. */
import { cpus, loadavg } from 'node:os';
import * as tf from '@tensorflow/tfjs-core';
import type { Group } from './report.ts';
import { mapSpread, type Spread, time } from './spread.ts';

/** Larger than any cache, so that a copy of it is a copy through memory. */
const MEMORY_FLOATS = 16 * 2 ** 20;
/** Sides of square products; which of them is fastest depends on the caches. */
const SIDES = [256, 512, 1024];

export interface Limits {
  /** Bytes read and written per nanosecond by a copy through memory. */
  readonly copyGBs: number;
  /** Floating-point operations per nanosecond of a large matrix product on one thread. */
  readonly peakGflops: number;
}

async function copySpeed(floats: number): Promise<Spread> {
  const from = new Float32Array(floats).fill(1);
  const to = new Float32Array(floats);
  const repeats = Math.ceil(MEMORY_FLOATS / floats);
  const ms = await time(
    () => {
      for (let i = 0; i < repeats; i++) to.set(from);
    },
    { rounds: 9, warmUps: 2 },
  );
  return mapSpread(ms, (value) => (2 * 4 * floats * repeats) / (value * 1e6));
}

async function productSpeed(side: number): Promise<Spread> {
  const a = tf.randomUniform<tf.Rank.R2>([side, side], -1, 1, 'float32', 1);
  const b = tf.randomUniform<tf.Rank.R2>([side, side], -1, 1, 'float32', 2);
  const multiply = () => {
    const product = tf.matMul(a, b);
    product.dataSync();
    // Not by tf.tidy, which would look for tensors in every number that it is given back: ten times the product's time.
    product.dispose();
  };
  const ms = await time(multiply, { rounds: 9, warmUps: 2 });
  tf.dispose([a, b]);
  return mapSpread(ms, (value) => (2 * side ** 3) / (value * 1e6));
}

async function fastestProduct(): Promise<{ side: number; speed: Spread }> {
  const all: { side: number; speed: Spread }[] = [];
  for (const side of SIDES) all.push({ side, speed: await productSpeed(side) });
  return all.reduce((best, each) => (each.speed.median > best.speed.median ? each : best));
}

/** @param stackBytes size of the rows that a linear merge reads: often small enough for a cache */
export async function machineLimits(stackBytes: number): Promise<{ limits: Limits; group: Group }> {
  const large = await copySpeed(MEMORY_FLOATS);
  const small = await copySpeed(Math.ceil(stackBytes / 8));
  const product = await fastestProduct();
  return {
    limits: { copyGBs: large.median, peakGflops: product.speed.median },
    group: {
      title: 'The machine',
      rows: [
        { what: 'copy of 64 MiB, read + written', measured: large, unit: 'GB/s' },
        { what: 'copy within a merge’s own size (cache)', measured: small, unit: 'GB/s' },
        {
          what: `product of two ${product.side} × ${product.side} matrices`,
          measured: product.speed,
          unit: 'GFLOP/s',
          beside: `1 thread, WebAssembly; the fastest of ${SIDES.join(', ')}`,
        },
      ],
    },
  };
}

/** Above this many programs at work per processor the times say more about them than about us. */
const BUSY = 0.5;

/** The machine, and a warning when something else is using it. Ask before the bench itself makes it busy. */
export function machineName(): string {
  const all = cpus();
  const name = `${all.length} × ${all[0]?.model ?? 'unknown processor'}, Node ${process.version}`;
  const [load = 0] = loadavg();
  const busy = load > BUSY * all.length;
  return busy ? `${name}; load ${load.toFixed(1)} before the start: other programs make these times too long` : name;
}
