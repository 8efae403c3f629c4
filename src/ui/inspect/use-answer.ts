import { useEffect, useState } from 'react';

export interface Answer<T> {
  /** The newest that has come; of an earlier question while the next answer is on its way. */
  readonly value: T | undefined;
  /** Whether `value` answers the question of now. */
  readonly fresh: boolean;
  readonly failure: string | undefined;
}

/**
 * Asks whenever the question changes. Answers of earlier questions that come late are dropped.
 * @param question tells two questions apart; null asks nothing
 */
export function useAnswer<T>(question: string | null, ask: () => Promise<T>): Answer<T> {
  const [state, setState] = useState<{ question: string | null; value?: T; failure?: string }>({ question: null });
  // biome-ignore lint/correctness/useExhaustiveDependencies: the question says everything that `ask` depends on
  useEffect(() => {
    if (question === null) return;
    let wanted = true;
    ask().then(
      (value) => wanted && setState({ question, value }),
      (error: unknown) =>
        wanted && setState({ question, failure: error instanceof Error ? error.message : String(error) }),
    );
    return () => {
      wanted = false;
    };
  }, [question]);
  const fresh = state.question === question && question !== null;
  return {
    value: state.value,
    fresh: fresh && state.failure === undefined,
    failure: fresh ? state.failure : undefined,
  };
}
