import { expose, type Remote } from 'comlink';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Reply } from './protocol.ts';
import { failureOf, WorkerClient, WorkerFailure } from './worker-client.ts';

const failed = (message: string): Reply<never> => ({
  ok: false,
  failure: { code: 'recipe', message, todo: 'Change it.' },
});

const service = {
  double: async (x: number): Promise<Reply<number>> => ({ ok: true, value: 2 * x }),
  refuse: async (): Promise<Reply<number>> => failed('Σ = 0'),
  never: (): Promise<Reply<number>> => new Promise(() => {}),
};
type Service = typeof service;

/** Looks like a worker from the page's side: a message channel with the events of a worker. */
class FakeWorker extends EventTarget {
  readonly channel = new MessageChannel();
  terminated = false;

  constructor() {
    super();
    expose(service, this.channel.port2);
    this.channel.port1.addEventListener('message', ({ data }) =>
      this.dispatchEvent(new MessageEvent('message', { data })),
    );
    this.channel.port1.start();
  }

  postMessage(message: unknown, transfer: Transferable[] = []) {
    this.channel.port1.postMessage(message, transfer);
  }

  terminate() {
    this.terminated = true;
    this.channel.port1.close();
    this.channel.port2.close();
  }

  crash(message?: string) {
    this.dispatchEvent(
      Object.assign(new Event('error', { cancelable: true }), message === undefined ? {} : { message }),
    );
  }
}

let worker: FakeWorker;
let client: WorkerClient<Service>;

beforeEach(() => {
  worker = new FakeWorker();
  // Only what WorkerClient and Comlink use of a worker is there.
  client = new WorkerClient<Service>(worker as unknown as Worker, 'test');
});
afterEach(() => worker.terminate());

const never = (api: Remote<Service>) => api.never();
const failure = (call: Promise<unknown>) =>
  call.then(
    () => expect.fail('the call was answered'),
    (error: unknown) => {
      expect(error).toBeInstanceOf(WorkerFailure);
      return failureOf(error);
    },
  );

describe('a worker’s client', () => {
  it('gives the value of an answer', async () => {
    expect(await client.call((api) => api.double(21))).toBe(42);
  });

  it('throws a failure that came as data, whole', async () => {
    const told = await failure(client.call((api) => api.refuse()));
    expect(told).toEqual({ code: 'recipe', message: 'Σ = 0', todo: 'Change it.' });
    expect(await client.call((api) => api.double(1)), 'the worker lives on').toBe(2);
  });

  it('rejects everything that waits when the worker crashes, and every call after that', async () => {
    const waiting = [client.call(never), client.call(never)].map(failure);
    worker.crash('Uncaught Error: boom');
    for (const told of [...(await Promise.all(waiting)), await failure(client.call((api) => api.double(1)))]) {
      expect(told.code).toBe('crashed');
      expect(told.message).toBe('The test worker stopped: Uncaught Error: boom.');
      expect(told.todo).toContain('Try again');
    }
  });

  it('says so when the script could not be loaded, for which browsers give no message', async () => {
    const waiting = failure(client.call(never));
    worker.crash();
    expect((await waiting).message).toBe('The test worker stopped: its script could not be loaded.');
  });

  it('rejects when a message cannot be read', async () => {
    const waiting = failure(client.call(never));
    worker.dispatchEvent(new MessageEvent('messageerror'));
    expect((await waiting).code).toBe('crashed');
  });

  it('rejects what waits when it is closed, and ends the worker', async () => {
    const waiting = failure(client.call(never));
    client.close();
    expect((await waiting).message).toContain('it was closed');
    expect(worker.terminated).toBe(true);
  });

  it('keeps the first reason', async () => {
    worker.crash('first');
    worker.crash('second');
    expect((await failure(client.call(never))).message).toContain('first');
  });
});

describe('failureOf', () => {
  it('makes an internal failure of whatever else is thrown', () => {
    expect(failureOf(new TypeError('x is undefined'))).toMatchObject({ code: 'internal', message: 'x is undefined' });
    expect(failureOf('text')).toMatchObject({ code: 'internal', message: 'text' });
  });
});
