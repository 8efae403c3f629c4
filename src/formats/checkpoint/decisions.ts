/** What can be done about tensors that differ, and what becomes of them once it is chosen. */
import type { Compared, Side } from './comparison.ts';
import {
  type Choice,
  type ChoiceOption,
  type Choices,
  type Decision,
  type Fate,
  MISMATCHES,
  type Mismatch,
} from './fit-table.ts';

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

/** Every kind of mismatch among the tensors, with what can be done about it and what was chosen. */
export function decisionsOn(compared: readonly Compared[], cast: Cast, choices: Choices): readonly Decision[] {
  return MISMATCHES.flatMap((mismatch) => {
    const own = compared.filter((each) => each.mismatch === mismatch);
    if (own.length === 0) return [];
    const options = optionsFor(mismatch, own, cast);
    const chosen = options.find(({ value }) => value === choices[mismatch])?.value ?? null;
    return [{ mismatch, says: sentenceOn(mismatch, own), tensors: own.map(({ name }) => name), options, chosen }];
  });
}

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
  const example =
    first?.cells.find(({ fits, reason }) => !fits && reason !== '') ?? first?.cells.find(({ reason }) => reason);
  const more = own.length > 1 ? ` (${own.length} tensors)` : '';
  return `${TITLES[mismatch]}: ${first?.name}: ${example?.reason}${more}.`;
}

function optionsFor(mismatch: Mismatch, own: readonly Compared[], { sides, hasBase }: Cast): readonly ChoiceOption[] {
  const [reference] = sides;
  const keep = sides.flatMap(({ id, name }, i): ChoiceOption[] => {
    if (!own.some(({ cells }) => cells[i]?.tensor != null)) return [];
    const whose = i === 0 && hasBase ? 'the base’s' : `${name}’s`;
    return [{ value: `keep:${id}`, name: `keep ${whose}`, effect: keepEffect(mismatch, whose) }];
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
    default:
      return [...keep, skip];
  }
}

function keepEffect(mismatch: Mismatch, whose: string): string {
  const rest =
    mismatch === 'head' || mismatch === 'extra'
      ? 'those that it lacks are left out'
      : 'where it has none, the reference’s';
  return mismatch === 'vocabulary'
    ? `These tensors are ${whose}, unmerged.`
    : `These tensors are ${whose}, unmerged; ${rest}.`;
}

/** Of models with tokenizers. */
function tokenOptions(own: readonly Compared[], name: string, hasBase: boolean): readonly ChoiceOption[] {
  if (own.length === 0) return [];
  const filled = hasBase
    ? 'a row that a model lacks is the base’s, or where the base lacks it too, the mean of those that have it'
    : 'a row that a model lacks is the mean of those that have it';
  return [
    {
      value: 'base',
      name: `${hasBase ? 'the base’s' : `${name}’s`} tokens`,
      effect: `Rows are matched by token, as the tokenizers say; other tokens are left out, ${filled}.`,
    },
    {
      value: 'union',
      name: 'all tokens',
      effect: `Rows are matched by token, as the tokenizers say; new tokens come behind ${hasBase ? 'the base’s' : `${name}’s`}, ${filled}.`,
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
export function fateOf({ mismatch, cells, buffer }: Compared, cast: Cast, decisions: readonly Decision[]): Fate {
  const holders = cast.sides.filter((_side, i) => cells[i]?.tensor != null);
  const [holder] = holders;
  if (buffer && holder) return { kind: 'copy', model: holder.id, because: 'it is not trained' };
  if (mismatch === null) return { kind: 'merge' };
  const chosen = decisions.find((decision) => decision.mismatch === mismatch)?.chosen ?? null;
  if (chosen === null) return { kind: 'open', mismatch };
  if (chosen === 'skip') return { kind: 'left out', because: 'as chosen' };
  const kept = keptModel(chosen);
  if (kept === undefined) return { kind: 'merge' };
  const own = holders.find(({ id }) => id === kept);
  if (own) return { kind: 'copy', model: own.id, because: 'as chosen' };
  const [reference] = cast.sides;
  const lost = mismatch === 'head' || mismatch === 'extra' || holder !== reference || !reference;
  const name = cast.sides.find(({ id }) => id === kept)?.name ?? kept;
  if (lost) return { kind: 'left out', because: `${name} lacks it` };
  return { kind: 'copy', model: reference.id, because: `${name} lacks it` };
}

const keptModel = (choice: Choice): string | undefined => (choice.startsWith('keep:') ? choice.slice(5) : undefined);

/** The shape in which a tensor is written. */
export function shapeOf(
  { cells, mismatch }: Compared,
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
  if (fate.kind !== 'merge' || mismatch === null || !union) return first;
  return [Math.max(...there.map(([rows = 0]) => rows)), ...first.slice(1)];
}
