import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { openBackend, watchDevice } from './backend.ts';
import { checkCanary, runCanary } from './canary.ts';
import { asFailure, type StudioError } from './fault.ts';

describe('the canary', () => {
  beforeAll(() => openBackend({ wasmPaths: '', among: ['cpu'] }));

  it('believes a device that computes rightly', async () => {
    checkCanary(await runCanary());
  });

  it.each([
    ['a number that is a little off', (values: Float32Array) => values.map((v, i) => (i === 3 ? v + 0.01 : v))],
    ['NaN', (values: Float32Array) => values.map((v, i) => (i === 5 ? Number.NaN : v))],
    ['zeros, as an exhausted memory gives', (values: Float32Array) => values.map(() => 0)],
    ['too few numbers', (values: Float32Array) => values.slice(0, 2)],
  ])('does not believe %s', async (_, spoil) => {
    const spoilt = spoil(await runCanary());
    expect(() => checkCanary(spoilt)).toThrow(/^This device computes wrongly: test value \d is .+, it must be/);
  });

  it('leaves no tensor behind', async () => {
    const before = tf.memory().numTensors;
    await runCanary();
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('the choice of a backend', () => {
  it('says of each that was tried why it was not taken', async () => {
    const report = await openBackend({ wasmPaths: '', among: ['webgpu', 'cpu'] });
    expect(report.name).toBe('cpu');
    expect(report.passedOver).toEqual([{ name: 'webgpu', reason: 'this browser has no WebGPU' }]);
  });

  it('fails with the reason and the way out when there is none', async () => {
    const failure = await openBackend({ wasmPaths: '', among: ['webgpu'] }).catch(asFailure);
    expect(failure).toMatchObject({
      code: 'backend',
      message: 'No computing backend could be opened (webgpu: this browser has no WebGPU).',
    });
    expect(failure).toHaveProperty('todo', expect.stringContaining('?backend=wasm'));
  });
});

describe('a graphics device', () => {
  class FakeOutOfMemory {
    readonly message = 'no more';
  }

  class FakeDevice extends EventTarget {
    lose: (info: { message: string }) => void = () => {};
    readonly lost = new Promise<{ message: string }>((resolve) => {
      this.lose = resolve;
    });
    complain(error: unknown) {
      this.dispatchEvent(Object.assign(new Event('uncapturederror'), { error }));
    }
  }

  let device: FakeDevice;
  let faults: StudioError[];

  beforeEach(async () => {
    vi.stubGlobal('GPUOutOfMemoryError', FakeOutOfMemory);
    device = new FakeDevice();
    faults = [];
    // As much of a backend as watching it takes.
    const backend = { device, dispose: () => {}, setDataMover: () => {} };
    tf.registerBackend('webgpu', () => backend as unknown as tf.KernelBackend);
    await tf.setBackend('webgpu');
    watchDevice((error) => faults.push(error));
  });
  afterEach(async () => {
    vi.unstubAllGlobals();
    await tf.setBackend('cpu');
    tf.removeBackend('webgpu');
  });

  it('that is lost is told', async () => {
    device.lose({ message: 'unplugged' });
    await device.lost;
    expect(faults.map(({ code, message }) => [code, message])).toEqual([
      ['device', 'The graphics device was lost. unplugged'],
    ]);
  });

  it('that runs out of memory is told as that, any other error as the device’s', () => {
    device.complain(new FakeOutOfMemory());
    device.complain({ message: 'bad binding' });
    expect(faults.map(({ code }) => code)).toEqual(['memory', 'device']);
    expect(faults[1]?.message).toContain('bad binding');
  });
});
