import { useCallback, useEffect, useRef, useState } from 'react';
import type { Place } from '../../store/inspect/landscape.ts';
import type { Behaviour } from '../../store/inspect/subject.ts';

export type Measured = Awaited<ReturnType<Behaviour['score']>>;

export interface Measuring {
  /** By place; undefined where nothing is measured yet. */
  readonly scores: readonly Measured[];
  readonly done: number;
  readonly running: boolean;
  readonly failure: string | undefined;
  start(): void;
  stop(): void;
}

/**
 * Measures places one after the other, as long as they are wanted; what was measured before is there at once.
 * @param question tells two sets of places apart
 */
export function useMeasuring(
  question: string,
  behaviour: Behaviour,
  places: readonly Place[],
  order: readonly number[],
  samples: number,
): Measuring {
  const [state, setState] = useState<{ question: string; scores: readonly Measured[]; failure?: string }>({
    question,
    scores: [],
  });
  const [running, setRunning] = useState(false);
  const run = useRef(0);
  const stop = useCallback(() => {
    run.current++;
    setRunning(false);
  }, []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another question ends the measuring of the last one
  useEffect(() => stop, [question, stop]);
  const start = async () => {
    run.current++;
    const mine = run.current;
    const wanted = () => run.current === mine;
    const scores: Measured[] = places.map(() => undefined);
    setState({ question, scores });
    setRunning(true);
    try {
      for (const at of order) {
        const place = places[at];
        if (!place || !wanted()) return;
        scores[at] = await behaviour.score(place.shares, samples, wanted);
        if (wanted()) setState({ question, scores: [...scores] });
      }
    } catch (error) {
      const failure = error instanceof Error ? error.message : String(error);
      if (wanted()) setState({ question, scores: [...scores], failure });
    } finally {
      if (wanted()) setRunning(false);
    }
  };
  const scores = state.question === question ? state.scores : [];
  return {
    scores,
    done: scores.filter((score) => score !== undefined).length,
    running,
    failure: state.question === question ? state.failure : undefined,
    start: () => void start(),
    stop,
  };
}
