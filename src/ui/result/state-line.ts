import type { TaskRow } from '../../store/selectors.ts';

interface Facts {
  /** Test images per task that the card has. */
  readonly images: number;
  /** Measured merges behind the estimates. */
  readonly points: number;
  /** The estimates are for coefficients outside what was sampled. */
  readonly extrapolated: boolean;
  /** More samples of this merge are being counted. */
  readonly more: boolean;
  /** The merge on the screen is not there yet, or cannot be. */
  readonly preparing: boolean;
  readonly refused: boolean;
  /** The models are still on their way. */
  readonly loading: boolean;
  /** The numbers came with the models and were not measured on this machine. */
  readonly fromZoo: boolean;
}

/** Where the numbers on the screen come from, in a few words. */
export function stateLine(rows: readonly TaskRow[], facts: Facts): string {
  const states = new Set(rows.map((row) => row.state));
  if (rows.length === 0) return 'nothing is merged yet';
  const known = rows.some((row) => row.accuracy !== null);
  if (facts.refused) return known ? 'not merged; pale bars are older numbers' : 'not merged';
  if (states.has('measuring')) {
    const doing = facts.loading ? 'waiting for the models' : facts.preparing ? 'preparing' : 'measuring';
    return `${doing} …${known ? ' the pale bars are the merge before' : ''}`;
  }
  if (states.has('estimated')) {
    const from = facts.points > 0 ? ` from ${facts.points} measured ${facts.points === 1 ? 'merge' : 'merges'}` : '';
    return facts.extrapolated ? `extrapolated${from}, outside what they span: a guess` : `estimated${from}`;
  }
  const n = Math.min(...rows.map((row) => row.n));
  const tail = facts.more && n < facts.images ? ', counting on' : facts.fromZoo ? ', when the models were made' : '';
  return `measured on ${n} of ${facts.images} test samples per task${tail}`;
}

export interface Summary {
  readonly average: number;
  /** Mean of accuracy ÷ the expert's own. */
  readonly normalised: number;
  readonly worst: TaskRow;
  readonly worstAccuracy: number;
  readonly estimated: boolean;
  /** A number belongs to the merge before. */
  readonly stale: boolean;
}

/** Over the merged tasks that have a number; undefined when none has. */
export function summarise(rows: readonly TaskRow[]): Summary | undefined {
  const known = rows.flatMap((row) => (row.merged && row.accuracy !== null ? [{ row, accuracy: row.accuracy }] : []));
  const [first] = known;
  if (!first) return undefined;
  const worst = known.reduce((low, next) => (next.accuracy < low.accuracy ? next : low), first);
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  return {
    average: mean(known.map(({ accuracy }) => accuracy)),
    normalised: mean(known.map(({ row, accuracy }) => row.ofExpert ?? accuracy / (row.expert ?? 1))),
    worst: worst.row,
    worstAccuracy: worst.accuracy,
    estimated: known.some(({ row }) => row.state === 'estimated'),
    stale: known.some(({ row }) => row.state === 'measuring'),
  };
}
