/** The thresholds of TIES for networks that are seen in parts: the same ones as from sorted magnitudes, bit for bit. */
import { MagnitudeSelect } from '../../core/stats/select.ts';
import type { Input, Piece, Surveyor } from '../define.ts';
import { balanceOfSigns } from './elect.ts';
import { hostRows } from './host-rows.ts';
import { type Cut, type Cuts, KEEP_ALL, trimmedRows } from './trim.ts';

export interface TrimGlobals {
  readonly cuts: Cuts;
  /** The sign that most weights elect; 1 where nobody asked. */
  readonly majority: -1 | 0 | 1;
}

interface Asked {
  readonly experts: number;
  readonly density: number;
  readonly scope: 'global' | 'tensor';
  /** Whether the sign that most weights elect is wanted too. */
  readonly majority: boolean;
}

/** @see cutsOf, which finds the same from all weights at once */
export function trimSurveyor(asked: Asked): Surveyor<TrimGlobals> {
  if (asked.density >= 1) return untrimmed(asked);
  return asked.scope === 'global' ? globally(asked) : byTensor(asked);
}

/** Adds up, piece by piece, which sign the weights elect. */
function electorate(experts: number) {
  let balance = 0;
  return {
    add(values: readonly Float32Array[], piece: Piece, cuts: Cuts) {
      balance += balanceOfSigns(trimmedRows(values, piece, cuts), experts);
    },
    majority: (): -1 | 0 | 1 => (balance > 0 ? 1 : balance < 0 ? -1 : 0),
  };
}

const selects = (experts: number) => Array.from({ length: experts }, () => new MagnitudeSelect());

/** Everything survives. */
function untrimmed({ experts, majority }: Asked): Surveyor<TrimGlobals> {
  const voters = electorate(experts);
  const cuts: Cuts = Array.from({ length: experts }, () => ({ get: () => KEEP_ALL }));
  return {
    passes: majority ? 1 : 0,
    add: async ({ piece, taskVectors }) => voters.add(await hostRows(taskVectors), piece, cuts),
    endTensor: () => false,
    endPass: () => {},
    conclude: () => ({ cuts, majority: majority ? voters.majority() : 1 }),
  };
}

/** One threshold for all tensors: two passes count, a third one votes. */
function globally({ experts, density, majority }: Asked): Surveyor<TrimGlobals> {
  const voters = electorate(experts);
  const counters = selects(experts);
  let pass = 0;
  let cuts: Cuts = [];
  const rankOf = ({ total }: MagnitudeSelect) => total - Math.floor(total * density);
  const cutOf = (counter: MagnitudeSelect): Cut =>
    rankOf(counter) <= 0 ? KEEP_ALL : { threshold: counter.result().value, ties: Number.POSITIVE_INFINITY };
  return {
    passes: majority ? 3 : 2,
    async add({ piece, taskVectors }) {
      const values = await hostRows(taskVectors);
      if (pass === 2) voters.add(values, piece, cuts);
      else for (const [expert, counter] of counters.entries()) counter.add(values[expert] ?? new Float32Array());
    },
    endTensor: () => false,
    endPass() {
      pass++;
      if (pass === 1) for (const counter of counters) counter.narrow(Math.max(1, rankOf(counter)));
      if (pass !== 2) return;
      cuts = counters.map((counter) => {
        const cut = cutOf(counter);
        return { get: () => cut };
      });
    },
    conclude: () => ({ cuts, majority: majority ? voters.majority() : 1 }),
  };
}

/**
 * A threshold for each tensor: in one pass each tensor is shown twice to be counted, and once more where only some of the entries
 * that equal the threshold survive, or where a vote is wanted.
 */
function byTensor({ experts, density, majority }: Asked): Surveyor<TrimGlobals> {
  const voters = electorate(experts);
  const cuts = Array.from({ length: experts }, () => new Map<string, Cut>());
  let counters = selects(experts);
  let shown = 0;
  let left: number[] = [];
  let tensor = '';
  const keptOf = ({ total }: MagnitudeSelect) => Math.max(1, Math.floor(total * density));
  const cutOf = (counter: MagnitudeSelect): Cut => {
    const kept = keptOf(counter);
    if (kept >= counter.total) return KEEP_ALL;
    const { value, equal, greater } = counter.result();
    return { threshold: value, ties: kept - greater >= equal ? Number.POSITIVE_INFINITY : kept - greater };
  };
  /** Where the last one of the equals that survive is, as far as the pieces went. */
  const place = (values: Float32Array, expert: number, piece: Piece) => {
    const cut = cuts[expert]?.get(tensor);
    if (!cut || cut.ties === Number.POSITIVE_INFINITY) return;
    let until = cut.until ?? 0;
    for (let i = 0; i < values.length && (left[expert] as number) > 0; i++) {
      if (Math.abs(values[i] as number) !== cut.threshold) continue;
      left[expert] = (left[expert] as number) - 1;
      until = piece.start + i + 1;
    }
    cuts[expert]?.set(tensor, { ...cut, until });
  };
  return {
    passes: 1,
    async add({ piece, taskVectors }: Input) {
      const values = await hostRows(taskVectors);
      tensor = nameOf(piece);
      if (shown < 2)
        for (const [expert, counter] of counters.entries()) counter.add(values[expert] ?? new Float32Array());
      else for (const [expert, vector] of values.entries()) place(vector, expert, piece);
      if (shown === 2 && majority) voters.add(values, piece, cuts);
    },
    endTensor() {
      shown++;
      if (shown === 1) for (const counter of counters) counter.narrow(Math.max(1, counter.total - keptOf(counter) + 1));
      if (shown === 2) {
        for (const [expert, counter] of counters.entries()) cuts[expert]?.set(tensor, cutOf(counter));
        left = cuts.map((own) => own.get(tensor)?.ties ?? 0);
      }
      const walks = majority || left.some((ties) => ties !== Number.POSITIVE_INFINITY);
      if (shown < 2 || (shown === 2 && walks)) return true;
      shown = 0;
      left = [];
      counters = selects(experts);
      return false;
    },
    endPass: () => {},
    conclude: () => ({ cuts, majority: majority ? voters.majority() : 1 }),
  };
}

function nameOf({ tensors }: Piece): string {
  const [only] = tensors;
  if (!only || tensors.length > 1) throw new Error(`a survey in parts was shown ${tensors.length} tensors at once`);
  return only.name;
}
