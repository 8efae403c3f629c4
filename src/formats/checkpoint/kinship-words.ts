/** What the distance between weights says about whether models share a base. */

/** One expert against the base, over the weights that were read. */
export interface ExpertKinship {
  readonly id: string;
  readonly name: string;
  /** ‖τ‖ / ‖θ₀‖ */
  readonly ratio: number;
  /** cos(θ_t, θ₀) of the weights themselves. */
  readonly likeness: number;
  readonly verdict: Verdict;
}

export type Verdict = 'same' | 'related' | 'far' | 'unrelated';

export interface TensorKinship {
  readonly name: string;
  /** ‖τ‖ / ‖θ₀‖ by expert; 0 where the base is zero. */
  readonly ratios: readonly number[];
  /** cos(τ_i, τ_j), experts × experts, row by row; 0 where one of them changes nothing. */
  readonly cosines: readonly number[];
}

export interface Kinship {
  /** The base's name. */
  readonly base: string;
  readonly experts: readonly ExpertKinship[];
  /** cos(τ_i, τ_j), experts × experts, row by row. As `ratio`, over the matrices; over vectors where there are no matrices. */
  readonly cosines: readonly number[];
  readonly tensors: readonly TensorKinship[];
  /** 'sampled': of a few tensors a part was read. */
  readonly basis: 'sampled' | 'exact';
  readonly read: { readonly tensors: number; readonly of: number; readonly bytes: number };
  /** What it means, and what to do instead where they do not share a base. */
  readonly says: string;
}

/**
 * Below this cosine of their weights two networks do not share a base. Networks of different seeds that learned the same task are at
 * 0.03 (two perceptrons), this studio's experts at 0.99, and a perceptron that was trained on for long on another task at 0.5.
 */
const UNRELATED_LIKENESS = 0.25;
/** Changes that are half as long as the base: this studio's experts are at 0.09 to 0.14; beyond, merges by addition seldom hold. */
const FAR_RATIO = 0.5;

export function verdictOn(ratio: number, likeness: number): Verdict {
  if (ratio === 0) return 'same';
  if (likeness < UNRELATED_LIKENESS) return 'unrelated';
  return ratio > FAR_RATIO ? 'far' : 'related';
}

const DIGITS = 2;
const inDigits = (value: number): string => String(Number(value.toPrecision(DIGITS)));

function range(values: readonly number[]): string {
  const [low, high] = [inDigits(Math.min(...values)), inDigits(Math.max(...values))];
  return low === high ? low : `${low} to ${high}`;
}

const joined = (names: readonly string[]): string =>
  names.length < 2 ? names.join() : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;

export function sayKinship({ base, experts, cosines, basis, read }: Omit<Kinship, 'says'>): string {
  const of = (verdict: Verdict) => experts.filter((expert) => expert.verdict === verdict);
  if (read.tensors === 0) return 'They have no tensor in common that could be compared.';
  const source = basis === 'exact' ? '' : ` Sampled: parts of ${read.tensors} of ${read.of} tensors.`;
  return `${[unrelated(base, of('unrelated')), far(of('far')), same(base, of('same')), related(base, of('related')), angles(experts, cosines)].filter((part) => part !== '').join(' ')}${source}`;
}

function unrelated(base: string, own: readonly ExpertKinship[]): string {
  if (own.length === 0) return '';
  const them = own.length === 1 ? 'it with its' : 'each with its';
  return (
    `${joined(own.map(({ name }) => name))} and ${base} do not share a base: the cosine of their weights is ${range(own.map(({ likeness }) => likeness))} ` +
    `and their difference ${range(own.map(({ ratio }) => ratio))} times as long as the base (√2 for strangers of equal length), so ` +
    `it is no task vector, and adding it gives a network that does neither task. Merge ${them} own base instead. Aligning the ` +
    'neurons first (permutation matching, as in Git Re-Basin) can help networks of one architecture, but this studio does not do it yet.'
  );
}

function far(own: readonly ExpertKinship[]): string {
  if (own.length === 0) return '';
  return (
    `${joined(own.map(({ name }) => name))} went far: ${own.length === 1 ? 'its change is' : 'their changes are'} ${range(own.map(({ ratio }) => ratio))} times as long as the base. ` +
    'Expect coefficients well below 1, and check that it is the right base.'
  );
}

function same(base: string, own: readonly ExpertKinship[]): string {
  if (own.length === 0) return '';
  return `${joined(own.map(({ name }) => name))} ${own.length === 1 ? 'has' : 'have'} the very weights of ${base}: there is nothing to merge.`;
}

function related(base: string, own: readonly ExpertKinship[]): string {
  if (own.length === 0) return '';
  const change = own.length === 1 ? 'its change is' : 'their changes are';
  return `${joined(own.map(({ name }) => name))} ${own.length === 1 ? 'comes' : 'come'} from ${base}: ${change} ${range(own.map(({ ratio }) => ratio))} times as long as the base’s weights.`;
}

/** Of the pairs of experts whose changes mean something. */
function angles(experts: readonly ExpertKinship[], cosines: readonly number[]): string {
  const meant = experts.flatMap(({ verdict }, i) => (verdict === 'related' || verdict === 'far' ? [i] : []));
  const pairs = meant.flatMap((i) => meant.filter((j) => j < i).map((j) => cosines[i * experts.length + j] ?? 0));
  return pairs.length === 0 ? '' : `Cosines between their changes: ${range(pairs)}.`;
}
