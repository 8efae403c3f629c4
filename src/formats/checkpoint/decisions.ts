/** What can be done about tensors that differ, and what becomes of them once it is chosen. */
import { type Compared, PRECEDENCE, type Side } from './comparison.ts';
import {
  type Choice,
  type ChoiceOption,
  type Choices,
  type Decision,
  type Fate,
  type FitCell,
  MISMATCHES,
  type Mismatch,
} from './fit-table.ts';
import { sameShape } from './matching.ts';

export interface Cast {
  /** The reference first. */
  readonly sides: readonly Side[];
  /** The reference is a base, not merely the first expert. */
  readonly hasBase: boolean;
  /** Rows of the vocabulary that the models are put into by token; null where rows are matched by number. */
  readonly tokenRows: number | null;
}

/** Whether every model's tokens are known, so that rows can be matched by them. */
const knowsTokens = (models: readonly { readonly vocabulary?: unknown }[]): boolean =>
  models.every(({ vocabulary }) => vocabulary !== undefined);

/**
 * Every kind of mismatch among the tensors, with what can be done about it and what was chosen. A tensor that an earlier choice takes from
 * one model, or leaves out, is nothing to decide about any more; what can be chosen stays, so that no choice takes back another one.
 */
export function decisionsOn(compared: readonly Compared[], cast: Cast, choices: Choices): readonly Decision[] {
  let open = compared.filter(({ mismatches }) => mismatches.length > 0);
  const decisions = PRECEDENCE.flatMap((mismatch): readonly Decision[] => {
    const own = open.filter(({ mismatches }) => mismatches.includes(mismatch));
    if (own.length === 0) return [];
    const all = compared.filter(({ mismatches }) => mismatches.includes(mismatch));
    const options = optionsFor(mismatch, all, cast);
    const chosen = options.find(({ value }) => value === choices[mismatch])?.value ?? null;
    if (chosen !== null && !isMerging(chosen)) open = open.filter((each) => !own.includes(each));
    return [{ mismatch, says: sentenceOn(mismatch, own), tensors: own.map(({ name }) => name), options, chosen }];
  });
  return decisions.sort((a, b) => MISMATCHES.indexOf(a.mismatch) - MISMATCHES.indexOf(b.mismatch));
}

/** Whether the tensors are still merged after this choice. */
const isMerging = (choice: Choice): boolean => choice !== 'skip' && keptModel(choice) === undefined;

const TITLES: Readonly<Record<Mismatch, string>> = {
  vocabulary: 'The vocabularies differ',
  head: 'The heads belong to different tasks',
  tied: 'Some models tie their output layer to the embedding, others have one of its own',
  shape: 'Shapes differ',
  lacking: 'Some models lack tensors',
  extra: 'Some models have tensors that the others lack',
};

function sentenceOn(mismatch: Mismatch, own: readonly Compared[]): string {
  const [first] = own;
  const more = own.length > 1 ? ` (${own.length} tensors)` : '';
  const reason = first?.examples[mismatch]?.replace(/^(vocabulary|shape): /, '');
  return `${TITLES[mismatch]}: ${first?.name}: ${reason}${more}.`;
}

function optionsFor(mismatch: Mismatch, own: readonly Compared[], cast: Cast): readonly ChoiceOption[] {
  const { sides, hasBase } = cast;
  const [reference] = sides;
  const keep = sides.flatMap(({ id, name }, i): ChoiceOption[] => {
    if (!own.some(({ cells }) => cells[i]?.tensor != null)) return [];
    const whose = i === 0 && hasBase ? 'the base’s' : `${name}’s`;
    const isWhole = own.every(({ cells }) => cells[i]?.tensor != null);
    return [{ value: `keep:${id}`, name: `keep ${whose}`, effect: keepEffect(mismatch, whose, isWhole) }];
  });
  const skip: ChoiceOption = {
    value: 'skip',
    name: 'leave out',
    effect: 'They are not written: the merged model lacks these tensors.',
  };
  switch (mismatch) {
    case 'vocabulary':
      return [
        ...(knowsTokens(sides) ? tokenOptions(own, reference?.name ?? '', hasBase) : []),
        ...rowsOptions(own, reference?.name ?? '', hasBase, knowsTokens(sides)),
        ...keep,
      ];
    case 'tied':
      return [
        {
          value: 'untie',
          name: 'an output layer of its own',
          effect:
            'It is merged and written; where a model ties it, its embedding counts. Set tie_word_embeddings to false.',
        },
        { ...skip, effect: 'It is not written: the merged model stays tied, and trained output layers are lost.' },
      ];
    case 'shape':
    case 'lacking':
      return [...withoutOptions(own, cast), ...keep, skip];
    default:
      return [...keep, skip];
  }
}

/** Where the base has what an expert lacks, and another expert has it too, these can be merged. */
function withoutOptions(own: readonly Compared[], cast: Cast): readonly ChoiceOption[] {
  if (!cast.hasBase || !own.some((each) => partners(each, cast).length > 0)) return [];
  return [
    {
      value: 'without',
      name: 'merge the others',
      effect: 'A model that does not fit takes no part in these tensors, as if it had the base’s weights there.',
    },
  ];
}

/** Experts that can be merged with the base in a tensor; those with other rows among them where rows are matched. */
function partners({ cells, mismatches }: Compared, { sides }: Cast): readonly Side[] {
  const wanted = cells[0]?.shape ?? null;
  return sides.filter((_side, i) => i > 0 && isPartner(cells[i], wanted, mismatches));
}

function isPartner(cell: FitCell | undefined, wanted: readonly number[] | null, kinds: readonly Mismatch[]): boolean {
  if (cell?.tensor == null || cell.shape === null || wanted === null) return false;
  if (sameShape(cell.shape, wanted)) return true;
  return kinds.includes('vocabulary') && sameSides(cell.shape, wanted);
}

const sameSides = (a: readonly number[], b: readonly number[]): boolean => sameShape(a.slice(1), b.slice(1));

/** @param isWhole the model has all of these tensors */
function keepEffect(mismatch: Mismatch, whose: string, isWhole: boolean): string {
  const rest =
    mismatch === 'head' || mismatch === 'extra'
      ? 'those that it lacks are left out'
      : 'where it has none, the reference’s';
  return isWhole ? `These tensors are ${whose}, unmerged.` : `These tensors are ${whose}, unmerged; ${rest}.`;
}

/** Of models with tokenizers. */
function tokenOptions(own: readonly Compared[], name: string, hasBase: boolean): readonly ChoiceOption[] {
  if (own.length === 0) return [];
  const mean = 'the mean of those that have it';
  const whose = hasBase ? 'the base’s' : `${name}’s`;
  return [
    {
      value: 'base',
      name: `${whose} tokens`,
      effect: `Rows are matched by token, as the tokenizers say; other tokens are left out, a row that a model lacks is ${hasBase ? 'the base’s' : mean}.`,
    },
    {
      value: 'union',
      name: 'all tokens',
      effect: `Rows are matched by token, as the tokenizers say; new tokens come behind ${whose}, a row that a model lacks is ${hasBase ? `the base’s, or where the base lacks it too, ${mean}` : mean}.`,
    },
  ];
}

/** Rows that a model lacks need a base to be taken from: without one there are only rows to leave out. */
function rowsOptions(
  own: readonly Compared[],
  name: string,
  hasBase: boolean,
  tokensKnown: boolean,
): readonly ChoiceOption[] {
  const whose = hasBase ? 'the base’s rows' : `${name}’s rows`;
  const effect = `Rows are matched by their number; what an expert has beyond ${whose} is left out`;
  const base: ChoiceOption = {
    value: tokensKnown ? 'numbers' : 'base',
    name: tokensKnown ? `${whose} by number` : whose,
    effect: hasBase ? `${effect}, what it lacks stays the base’s.` : `${effect}.`,
  };
  const union: ChoiceOption = {
    value: 'union',
    name: 'all rows',
    effect:
      'Rows are matched by their number; where the base lacks a row, the mean of the experts that have it counts as the base’s, where an expert does, it is unchanged.',
  };
  if (hasBase) return tokensKnown ? [base] : [base, union];
  return own.every(({ cells: [first, ...others] }) => others.every((cell) => rowsOf(cell) >= rowsOf(first)))
    ? [base]
    : [];
}

const rowsOf = (cell: Compared['cells'][number] | undefined): number => cell?.shape?.[0] ?? 0;

/** What becomes of a tensor. */
export function fateOf(compared: Compared, cast: Cast, decisions: readonly Decision[]): Fate {
  const { mismatches, cells, buffer } = compared;
  const holders = cast.sides.filter((_side, i) => cells[i]?.tensor != null);
  const [holder] = holders;
  if (buffer && holder) return { kind: 'copy', model: holder.id, because: 'it is not trained' };
  const chosenFor = (mismatch: Mismatch) => decisions.find((one) => one.mismatch === mismatch)?.chosen ?? null;
  // The first choice after which nothing is merged, or that is still to be made.
  const mismatch = mismatches.find((kind) => {
    const choice = chosenFor(kind);
    return choice === null || !isMerging(choice);
  });
  if (mismatch === undefined) return mergedOf(compared, cast);
  const chosen = chosenFor(mismatch);
  if (chosen === null) return { kind: 'open', mismatch };
  const kept = keptModel(chosen);
  if (kept === undefined) return { kind: 'left out', because: 'as chosen' };
  const own = holders.find(({ id }) => id === kept);
  if (own) return { kind: 'copy', model: own.id, because: 'as chosen' };
  const [reference] = cast.sides;
  const lost = mismatch === 'head' || mismatch === 'extra' || holder !== reference || !reference;
  const name = cast.sides.find(({ id }) => id === kept)?.name ?? kept;
  if (lost) return { kind: 'left out', because: `${name} lacks it` };
  return { kind: 'copy', model: reference.id, because: `${name} lacks it` };
}

function mergedOf(compared: Compared, cast: Cast): Fate {
  if (!compared.mismatches.some((kind) => kind === 'shape' || kind === 'lacking')) return { kind: 'merge' };
  const fitting = partners(compared, cast);
  const [reference, ...experts] = cast.sides;
  if (fitting.length === 0 && reference) return { kind: 'copy', model: reference.id, because: 'no expert fits here' };
  return { kind: 'merge', without: experts.filter((side) => !fitting.includes(side)).map(({ id }) => id) };
}

const keptModel = (choice: Choice): string | undefined => (choice.startsWith('keep:') ? choice.slice(5) : undefined);

/** The shape in which a tensor is written. */
export function shapeOf(
  { cells, mismatches }: Compared,
  fate: Fate,
  cast: Cast,
  decisions: readonly Decision[],
  byToken: boolean,
): readonly number[] {
  const there = cells.flatMap(({ shape }) => (shape ? [shape] : []));
  const [first = []] = there;
  if (fate.kind === 'copy') return cells[cast.sides.findIndex(({ id }) => id === fate.model)]?.shape ?? first;
  if (byToken && cast.tokenRows !== null) return [cast.tokenRows, ...first.slice(1)];
  const union = decisions.some((decision) => decision.mismatch === 'vocabulary' && decision.chosen === 'union');
  if (fate.kind !== 'merge' || !mismatches.includes('vocabulary') || !union) return first;
  const rows = there.filter((shape) => sameSides(shape, first)).map(([own = 0]) => own);
  return [Math.max(...rows), ...first.slice(1)];
}
