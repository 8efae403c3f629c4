/** Engines without workers: they answer what a test wants them to. */
import type { Engine } from '../client/engine.ts';
import type { Slice } from '../client/protocol.ts';
import type { Recipe } from '../formats/recipe.ts';

/** What the engines of a test do; each opened engine looks it up anew. */
export interface EngineBehaviour {
  merge: (recipe: Recipe) => Promise<void>;
  count: (slice: Slice) => Promise<void>;
}

export interface OpenedEngine {
  closed: boolean;
  stops: number;
}

interface Stage {
  readonly behaviour: EngineBehaviour;
  readonly opened: OpenedEngine[];
  /** Right answers of a recipe's network. */
  readonly answer: (recipe: Recipe) => number;
  /** What is thrown where samples are counted before anything was merged. */
  readonly failure: () => Error;
}

/** @returns `openEngine` */
export function fakeEngines({ behaviour, opened, answer, failure }: Stage): () => Promise<Engine> {
  return async () => {
    const state: OpenedEngine = { closed: false, stops: 0 };
    opened.push(state);
    let current: Recipe | undefined;
    let merging: Promise<void> = Promise.resolve();
    return {
      backend: { name: 'wasm', passedOver: [] },
      evaluators: 2,
      async merge(recipe) {
        merging = behaviour.merge(recipe);
        await merging;
        current = recipe;
        return { readout: null, prepareMs: 0, combineMs: 0, change: 1, footprint: null };
      },
      stop: () => {
        state.stops++;
      },
      async count(slices, { wanted, onScore }) {
        await merging;
        for (const slice of slices) {
          if (!wanted()) return;
          await behaviour.count(slice);
          if (!current) throw failure();
          onScore(slice, { correct: answer(current), n: slice.to - slice.from });
        }
      },
      close: () => {
        state.closed = true;
      },
    };
  };
}
