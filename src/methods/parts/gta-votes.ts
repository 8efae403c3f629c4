/**
 * The last two columns of the grid of generalised task arithmetic: how a sign is elected at each weight, and how the changes that have it
 * become one. Every way of joining gives each expert a share a_t at each weight, so the merge Σ λ_t a_t τ̂_t is linear in λ.
 */

/**
 * Votes are equal when they differ by at most this part of all votes: what rounding could decide would depend on the order of
 * the experts.
 */
const TIED = 2 ** -21;

/** One vote per expert and weight; the sign of their sum is elected. */
interface Vote {
  /** @param energy ‖τ̂_t‖² of the expert, not 0 */
  readonly of: (value: number, weight: number, energy: number) => number;
  /** 'sum': votes are added. 'largest': only the largest on each side counts. */
  readonly count: 'sum' | 'largest';
}

export const VOTES = {
  mass: { of: (value, weight) => weight * value, count: 'sum' },
  count: { of: (value) => Math.sign(value), count: 'sum' },
  normfrac: { of: (value, _, energy) => (value * Math.abs(value)) / energy, count: 'largest' },
  normmass: { of: (value, _, energy) => (value * Math.abs(value)) / energy, count: 'sum' },
} as const satisfies Record<string, Vote>;

export type VoteName = keyof typeof VOTES;

export const SIGN_OPTIONS = [
  { value: 'none', name: 'none', help: 'All changes count, whatever their sign.' },
  { value: 'mass', name: 'by size', help: 'The sign of the (weighted) sum, as TIES.' },
  { value: 'count', name: 'by number', help: 'The sign that more experts have.' },
  {
    value: 'normfrac',
    name: 'by largest share',
    help: 'The sign of the change with the largest share of its expert’s ‖τ‖².',
  },
  { value: 'normmass', name: 'by shares', help: 'The sign that holds more of the experts’ ‖τ‖².' },
] as const;

/**
 * The elected sign of every weight.
 * @param rows trimmed task vectors
 * @param tie what counts where votes are tied: the sign that most weights elected, or +
 */
export function electSigns(
  rows: readonly Float32Array[],
  weights: readonly number[],
  name: VoteName,
  tie: 'majority' | 'plus',
): Int8Array {
  const { of, count }: Vote = VOTES[name];
  const energies = name === 'mass' ? [] : rows.map(squaredNorm);
  const signs = new Int8Array(rows[0]?.length ?? 0);
  let balance = 0;
  for (let i = 0; i < signs.length; i++) {
    let up = 0;
    let down = 0;
    for (let t = 0; t < rows.length; t++) {
      // In range: rows have one length.
      const value = (rows[t] as Float32Array)[i] as number;
      if (value === 0) continue;
      // The usual election without a call for every vote.
      const vote =
        name === 'mass' ? (weights[t] as number) * value : of(value, weights[t] as number, energies[t] as number);
      if (vote > 0) up = count === 'sum' ? up + vote : Math.max(up, vote);
      else down = count === 'sum' ? down - vote : Math.max(down, -vote);
    }
    const sign = Math.abs(up - down) <= TIED * (up + down) ? 0 : up > down ? 1 : -1;
    signs[i] = sign;
    balance += sign;
  }
  const tied = tie === 'plus' ? 1 : Math.sign(balance);
  for (let i = 0; i < signs.length; i++) if (signs[i] === 0) signs[i] = tied;
  return signs;
}

function squaredNorm(row: Float32Array): number {
  let total = 0;
  for (let i = 0; i < row.length; i++) total += (row[i] as number) ** 2;
  return total;
}

/** What an expert adds at one weight when λ is 1; undefined signs mean that everybody counts. */
interface Joining {
  /**
   * @param values of the experts at one weight, 0 where one does not agree; changed in place to a_t · value
   * @param weights of the experts
   * @param agree 1 where the expert counts
   */
  readonly join: (values: Float64Array, weights: readonly number[], agree: Uint8Array) => void;
}

/** A sum of agreeing weights below this does not divide, as in mergekit. */
const SMALLEST_DIVISOR = 1e-8;

const sum: Joining['join'] = (values, weights) => {
  for (let t = 0; t < values.length; t++) values[t] = (weights[t] as number) * (values[t] as number);
};

/** Only the largest |wτ| stays; of equals the later one, as in MagMax. */
const largest: Joining['join'] = (values, weights, agree) => {
  sum(values, weights, agree);
  let winner = 0;
  for (let t = 1; t < values.length; t++) {
    if (Math.abs(values[t] as number) >= Math.abs(values[winner] as number)) winner = t;
  }
  for (let t = 0; t < values.length; t++) if (t !== winner) values[t] = 0;
};

/** Half of each of the two middle ones, or the middle one, of those that count. */
const median: Joining['join'] = (values, weights, agree) => {
  sum(values, weights, agree);
  let voters = 0;
  for (let t = 0; t < values.length; t++) voters += agree[t] as number;
  const [low, high] = [(voters - 1) >> 1, voters >> 1];
  const places = Uint8Array.from(values, (_, t) => placeOf(values, agree, t));
  for (let t = 0; t < values.length; t++) {
    const place = agree[t] ? places[t] : undefined;
    values[t] = (values[t] as number) * ((place === low ? 0.5 : 0) + (place === high ? 0.5 : 0));
  }
};

/** How many of those that count come before t, smaller ones and earlier equals. */
function placeOf(values: Float64Array, agree: Uint8Array, t: number): number {
  const own = values[t] as number;
  let place = 0;
  for (let s = 0; s < values.length; s++) {
    const other = values[s] as number;
    if (agree[s] && (other < own || (other === own && s < t))) place++;
  }
  return place;
}

const JOININGS = { median, magnitude: largest } as const;

export type JoinName = 'mean' | 'sum' | keyof typeof JOININGS;

export const JOIN_OPTIONS = [
  { value: 'mean', name: 'mean', help: 'The (weighted) mean of those that agree; without an election of all experts.' },
  { value: 'sum', name: 'sum', help: 'Their sum; needs a smaller λ.' },
  { value: 'median', name: 'median', help: 'The middle one, or half of each of the two middle ones.' },
  { value: 'magnitude', name: 'largest', help: 'Only the largest change, as MagMax; of equals the later expert’s.' },
] as const;

/**
 * Every expert's share a_t ⊙ τ̂_t of the merged change.
 * @param rows trimmed task vectors
 * @param signs elected; undefined when all count
 */
export function joinedShares(
  rows: readonly Float32Array[],
  weights: readonly number[],
  signs: Int8Array | undefined,
  name: JoinName,
): readonly Float32Array[] {
  if (name === 'mean' || name === 'sum') return summedShares(rows, weights, signs, name === 'mean');
  const join = JOININGS[name];
  const length = rows[0]?.length ?? 0;
  const shares = rows.map(() => new Float32Array(length));
  const values = new Float64Array(rows.length);
  const agree = new Uint8Array(rows.length);
  for (let i = 0; i < length; i++) {
    const sign = signs === undefined ? 0 : (signs[i] as number);
    for (let t = 0; t < rows.length; t++) {
      // In range: rows have one length. A negative weight turns its expert's change round before the election.
      const value = (rows[t] as Float32Array)[i] as number;
      const counts = signs === undefined || value * (weights[t] as number) * sign > 0;
      agree[t] = counts ? 1 : 0;
      values[t] = counts ? value : 0;
    }
    join(values, weights, agree);
    for (let t = 0; t < rows.length; t++) (shares[t] as Float32Array)[i] = values[t] as number;
  }
  return shares;
}

/** Every agreeing change times its weight, over the sum of agreeing weights where it is a mean. */
function summedShares(
  rows: readonly Float32Array[],
  weights: readonly number[],
  signs: Int8Array | undefined,
  divide: boolean,
): readonly Float32Array[] {
  const length = rows[0]?.length ?? 0;
  const shares = rows.map(() => new Float32Array(length));
  const values = new Float64Array(rows.length);
  for (let i = 0; i < length; i++) {
    const sign = signs === undefined ? 0 : (signs[i] as number);
    let divisor = 0;
    for (let t = 0; t < values.length; t++) {
      // In range: rows have one length.
      const value = (weights[t] as number) * ((rows[t] as Float32Array)[i] as number);
      const counts = signs === undefined || value * sign > 0;
      values[t] = counts ? value : 0;
      if (counts) divisor += weights[t] as number;
    }
    const scale = divide && Math.abs(divisor) >= SMALLEST_DIVISOR ? divisor : 1;
    for (let t = 0; t < values.length; t++) {
      const value = values[t] as number;
      if (value !== 0) (shares[t] as Float32Array)[i] = value / scale;
    }
  }
  return shares;
}
