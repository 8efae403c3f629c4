/** Errors that a user may see: a kind, a sentence that says what is wrong and where, and what to do about it. */

/** Kinds of failure that the page treats differently. */
export type FailureCode =
  | 'zoo'
  | 'files'
  | 'backend'
  | 'device'
  | 'memory'
  | 'recipe'
  | 'stopped'
  | 'crashed'
  | 'internal';

/** An error as data: errors thrown across a worker's border would keep only their message. */
export interface Failure {
  readonly code: FailureCode;
  readonly message: string;
  /** What the user can do. */
  readonly todo: string;
}

export type Reply<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly failure: Failure };

const TODO: Readonly<Record<FailureCode, string>> = {
  zoo: 'Reload the page; if it happens again, the published files are damaged and have to be built anew (npm run train).',
  files: 'Check the files as the sentence says, then drop them again.',
  backend: 'Try another backend with ?backend=wasm or ?backend=cpu in the address, or another browser.',
  device: 'Choose “Try again” to rebuild the workers; ?backend=wasm in the address avoids the graphics device.',
  memory: 'Close other tabs or leave experts out, then choose “Try again”.',
  recipe: 'Change the recipe as the sentence says.',
  stopped: 'Move a slider to start again.',
  crashed: 'Choose “Try again”: the workers are rebuilt and your recipe is replayed.',
  internal: 'Choose “Try again”; if it happens again, please report the sentence above with your link.',
};

export class StudioError extends Error {
  readonly code: FailureCode;
  readonly todo: string;

  constructor(code: FailureCode, message: string, todo: string = TODO[code]) {
    super(message);
    this.name = 'StudioError';
    this.code = code;
    this.todo = todo;
  }
}

/** Thrown by work that noticed that nobody waits for it any more. */
export class StoppedError extends StudioError {
  constructor() {
    super('stopped', 'The work was stopped because a newer one took its place.');
  }
}

const OUT_OF_MEMORY = /out of memory|allocation fail|memory access out of bounds|cannot enlarge memory/i;
/** Names of the formats' errors: bytes or text that are not what they should be. */
const FORMAT_ERRORS = new Set(['SafetensorsError', 'CardError', 'SamplesError', 'DataError']);

export function asFailure(error: unknown): Failure {
  if (error instanceof StudioError) return { code: error.code, message: error.message, todo: error.todo };
  const message = error instanceof Error ? error.message : String(error);
  const damaged = error instanceof Error && FORMAT_ERRORS.has(error.name);
  const code = OUT_OF_MEMORY.test(message) ? 'memory' : damaged ? 'zoo' : 'internal';
  return { code, message, todo: TODO[code] };
}

/** Runs work for another thread: whatever is thrown becomes data. */
export async function replyTo<T>(work: () => T | Promise<T>): Promise<Reply<T>> {
  try {
    return { ok: true, value: await work() };
  } catch (error) {
    return { ok: false, failure: asFailure(error) };
  }
}
