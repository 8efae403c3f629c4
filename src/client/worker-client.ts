/**
 * One worker and the calls that wait for it. Comlink alone leaves calls pending for ever when a worker crashes or its script
 * cannot be loaded; here they are rejected, with the reason.
 */
import { type Remote, releaseProxy, wrap } from 'comlink';
import type { Failure, Reply } from './protocol.ts';

/** A failure that crossed the border as data, thrown again on this side. */
export class WorkerFailure extends Error {
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(failure.message);
    this.name = 'WorkerFailure';
    this.failure = failure;
  }
}

export function failureOf(error: unknown): Failure {
  if (error instanceof WorkerFailure) return error.failure;
  const message = error instanceof Error ? error.message : String(error);
  return { code: 'internal', message, todo: 'Choose “Try again”; if it happens again, please report this sentence.' };
}

export class WorkerClient<T> {
  private readonly worker: Worker;
  private readonly name: string;
  private readonly remote: Remote<T>;
  private readonly waiting = new Set<(error: WorkerFailure) => void>();
  private crash: WorkerFailure | undefined;

  /** @param name what the worker does, for messages */
  constructor(worker: Worker, name: string) {
    this.worker = worker;
    this.name = name;
    this.remote = wrap<T>(worker);
    worker.addEventListener('error', (event) => {
      event.preventDefault();
      this.fail(event.message || 'its script could not be loaded');
    });
    worker.addEventListener('messageerror', () => this.fail('a message could not be read'));
  }

  /** @throws WorkerFailure when the work fails, the worker crashes, or it has been closed */
  async call<R>(work: (api: Remote<T>) => Promise<Reply<R>>): Promise<R> {
    if (this.crash) throw this.crash;
    let reject: (error: WorkerFailure) => void = () => {};
    const crashed = new Promise<never>((_, refuse) => {
      reject = refuse;
    });
    this.waiting.add(reject);
    try {
      const reply = await Promise.race([work(this.remote), crashed]);
      if (reply.ok) return reply.value;
      throw new WorkerFailure(reply.failure);
    } finally {
      this.waiting.delete(reject);
    }
  }

  /** For calls whose answer nobody waits for. */
  tell(work: (api: Remote<T>) => unknown): void {
    if (!this.crash) work(this.remote);
  }

  close(): void {
    this.fail('it was closed');
    this.remote[releaseProxy]();
    this.worker.terminate();
  }

  private fail(reason: string): void {
    this.crash ??= new WorkerFailure({
      code: 'crashed',
      message: `The ${this.name} worker stopped: ${reason}.`,
      todo: 'Choose “Try again”: the workers are rebuilt and your recipe is replayed.',
    });
    for (const reject of this.waiting) reject(this.crash);
    this.waiting.clear();
  }
}
