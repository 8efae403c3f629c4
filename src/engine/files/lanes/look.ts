/** Looks at runs of tensors before they are merged. */
import type { LaneTensor } from '../lane.ts';
import { inOrder } from './ahead.ts';
import type { Crew, TaskRow } from './crew.ts';
import { homeOf, lengthOf, partsOf, type Range, type RowOf, rangesOf } from './runs.ts';

/** What is looked with: threads, and where they find the weights. */
export interface Looking {
  readonly crew: Crew;
  readonly rowOf: RowOf;
}

export interface Place {
  readonly tensor: LaneTensor;
  readonly range: Range;
}

export const placesOf = (tensors: readonly LaneTensor[]): Place[] =>
  tensors.flatMap((tensor) => Array.from(rangesOf(tensor), (range) => ({ tensor, range })));

interface Look<R> {
  readonly places: readonly Place[];
  readonly work: (rows: readonly TaskRow[], count: number, place: Place, home: number) => Promise<R>;
  /** In the order of the places. */
  readonly seen: (result: R, place: Place) => void | Promise<void>;
  /** Whether the others are not needed any more. */
  readonly enough?: () => boolean;
}

/** The base and all experts, run by run. */
export async function lookAt<R>({ crew, rowOf }: Looking, { places, work, seen, enough }: Look<R>): Promise<void> {
  const pieces = function* () {
    for (const place of places)
      yield async () => {
        const { tensor, range } = place;
        const rows = await Promise.all(partsOf(tensor).map((part) => rowOf(part, range)));
        return { result: await work(rows, lengthOf(range), place, homeOf(tensor, range)), place };
      };
  };
  const next = inOrder(pieces(), 2 * crew.size);
  for (let one = await next(); one; one = enough?.() ? undefined : await next()) await seen(one.result, one.place);
}
