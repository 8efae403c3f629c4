/** Surrogates that stay while points arrive: each new point is one rank-one update, nothing is fitted anew. */
import { type FitRequest, fitsFor, type Observed } from './map.ts';
import type { Surrogate } from './surrogate/predict.ts';
import { type Fits, observePoint, surrogatesOf } from './surrogate/surrogate.ts';

interface Stream {
  /** What is fitted; with anything else a new stream begins. */
  readonly kind: string;
  readonly fits: Fits;
  readonly seen: Set<string>;
}

/**
 * `fitSurrogates` with a memory: when the points are those of the last call and some more, only these are added. A point that is
 * missing, or was measured anew, begins again.
 */
export function createStream(): (request: FitRequest) => ReadonlyMap<string, Surrogate> {
  let stream: Stream | undefined;
  return (request) => {
    const { observed, tasks, metrics, box } = request;
    const kind = JSON.stringify([observed[0]?.coefficients.length, tasks, metrics, box]);
    const signed = observed.map((point) => [signatureOf(point), point] as const);
    const now = new Set(signed.map(([signature]) => signature));
    const goesOn = stream?.kind === kind && [...stream.seen].every((signature) => now.has(signature));
    if (!stream || !goesOn) stream = { kind, fits: fitsFor(request), seen: new Set() };
    for (const [signature, { coefficients, outcomes }] of signed) {
      if (stream.seen.has(signature)) continue;
      observePoint(stream.fits, { coefficients, calibration: outcomes });
      stream.seen.add(signature);
    }
    return surrogatesOf(stream.fits);
  };
}

function signatureOf({ coefficients, outcomes }: Observed): string {
  const told = Object.entries(outcomes).map(([task, outcome]) =>
    'correct' in outcome ? `${task} ${outcome.correct}/${outcome.n}` : `${task} ${outcome.value} ${outcome.n}`,
  );
  return `${coefficients.join()} ${told.join()}`;
}
