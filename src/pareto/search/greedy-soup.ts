/** Greedy soup (Wortsman et al. 2022): experts join the average one by one, best first, as long as it gets no worse. */

export interface GreedySoupOptions {
  readonly experts: number;
  /** '>' as in the official code, '>=' as in the paper: whether an expert that changes nothing joins. */
  readonly accept: '>' | '>=';
  /** Scores of the experts alone, where they are known; they are asked for otherwise. */
  readonly alone?: readonly number[];
}

export interface Tasting {
  readonly expert: number;
  /** Of the average with this expert. */
  readonly score: number;
  readonly accepted: boolean;
}

export interface GreedySoup {
  /** 1/k for each of the k members, 0 for the others. */
  readonly coefficients: readonly number[];
  /** In the order in which they were accepted. */
  readonly members: readonly number[];
  readonly score: number;
  readonly tastings: readonly Tasting[];
}

/**
 * Yields the next coefficient vector to measure and takes its score, a mean over tasks for instance, on the calibration split;
 * returns the soup. Experts of equal score keep their order, which may change the outcome.
 */
export function* greedySoup({
  experts,
  accept,
  alone,
}: GreedySoupOptions): Generator<readonly number[], GreedySoup, number> {
  if (experts < 1) throw new Error(`a soup of ${experts} experts; wanted at least 1`);
  const scores: number[] = [];
  for (let i = 0; i < experts; i++) scores.push(alone?.[i] ?? (yield soup([i], experts)));
  const order = scores.map((_, i) => i).sort((i, j) => (scores[j] ?? 0) - (scores[i] ?? 0) || i - j);
  const [first = 0, ...others] = order;
  let members: readonly number[] = [first];
  let score = scores[first] ?? 0;
  const tastings: Tasting[] = [{ expert: first, score, accepted: true }];
  for (const expert of others) {
    const candidate = [...members, expert];
    const tasted = yield soup(candidate, experts);
    const accepted = accept === '>' ? tasted > score : tasted >= score;
    tastings.push({ expert, score: tasted, accepted });
    if (accepted) [members, score] = [candidate, tasted];
  }
  return { coefficients: soup(members, experts), members, score, tastings };
}

function soup(members: readonly number[], experts: number): number[] {
  return Array.from({ length: experts }, (_, i) => (members.includes(i) ? 1 / members.length : 0));
}
