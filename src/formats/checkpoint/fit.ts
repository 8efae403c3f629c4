/** Lays models beside each other, tensor by tensor, from their headers alone. */
import { recognise, sizeOf } from './architecture.ts';
import { quantisedPart } from './buffers.ts';
import { compare, isOverTokens, type Side } from './comparison.ts';
import { type Cast, decisionsOn, fateOf, shapeOf } from './decisions.ts';
import type { Choices, Fit, FitModel, FitRow } from './fit-table.ts';
import { remarksOn, summaryOf } from './fit-words.ts';
import { matchNames } from './matching.ts';
import type { ModelOutline, TensorOutline } from './outline.ts';
import { placeOf } from './tensor-place.ts';

export interface FitRequest {
  /** Id of the base, null for methods that need none. */
  readonly base: string | null;
  /** Ids in the order of their coefficients, each at most once. */
  readonly experts: readonly string[];
  readonly choices: Choices;
}

/**
 * @param tokenRows of the vocabulary that the models are put into by token, where they are
 * @throws Error when a model is asked for that is not among the outlines: ids come from them
 */
export function fitModels(
  outlines: readonly ModelOutline[],
  { base, experts, choices }: FitRequest,
  tokenRows: number | null = null,
): Fit {
  const models = [...(base === null ? [] : [base]), ...experts].map((id) => outlineFor(id, outlines));
  const [reference] = models;
  if (!reference) return emptyFit();
  const sides = models.map((model) => sideOf(model, reference));
  const cast: Cast = { sides, hasBase: base !== null, tokenRows };
  const compared = namesOf(sides).map((name) => compare(name, sides));
  const decisions = decisionsOn(compared, cast, choices);
  const architecture = sides[0]?.architecture ?? recognise(reference);
  const rows = compared.map((each): FitRow => {
    const fate = fateOf(each, cast, decisions);
    const byToken =
      tokenRows !== null && fate.kind === 'merge' && !each.buffer && isOverTokens(each.name, architecture);
    const shape = shapeOf(each, fate, cast, decisions, byToken);
    const { name, cells, mismatches, buffer } = each;
    return { name, shape, ...placeOf(name, shape, architecture), cells, mismatches, buffer, fate, byToken };
  });
  const written = rows.filter(({ buffer, fate }) => !buffer && (fate.kind === 'merge' || fate.kind === 'copy'));
  const report = {
    base,
    experts,
    reference: reference.id,
    architecture,
    models: sides.map((side, i) => modelOf(side, i, base !== null, rows)),
    rows,
    decisions,
    refusals: refusalsOf(models, base, experts, sides, rows),
    tokenRows,
    parameters: written.reduce((sum, { shape }) => sum + sizeOf(shape), 0),
  };
  return { ...report, remarks: remarksOn(report), summary: summaryOf(report) };
}

function outlineFor(id: string, outlines: readonly ModelOutline[]): ModelOutline {
  const outline = outlines.find((each) => each.id === id);
  if (outline) return outline;
  throw new Error(`no model "${id}" is open; open are: ${outlines.map((each) => each.id).join(', ')}`);
}

function emptyFit(): Fit {
  const nothing = {
    id: '',
    name: '',
    kind: 'weights',
    tensors: [],
    metadata: {},
    config: undefined,
    bytes: 0,
  } as const;
  return {
    base: null,
    experts: [],
    reference: null,
    architecture: recognise(nothing),
    models: [],
    rows: [],
    decisions: [],
    refusals: ['No model is chosen: choose experts, and the base that they were trained from.'],
    remarks: [],
    tokenRows: null,
    summary: 'No model is chosen.',
    parameters: 0,
  };
}

function sideOf(model: ModelOutline, reference: ModelOutline): Side {
  const { id, name, tensors, vocabulary } = model;
  const byName = new Map(tensors.map((tensor): [string, TensorOutline] => [tensor.name, tensor]));
  const matching =
    model === reference ? { of: byName, rest: new Map(), prefix: '' } : matchNames(reference.tensors, tensors);
  return { id, name, architecture: recognise(model), matching, tensors: byName, vocabulary };
}

/** Of the output: the reference's in its order, then what only others have. */
function namesOf(sides: readonly Side[]): readonly string[] {
  const names = new Set<string>();
  for (const { tensors } of sides.slice(0, 1)) for (const name of tensors.keys()) names.add(name);
  for (const { matching } of sides) for (const name of matching.rest.keys()) names.add(name);
  return [...names];
}

function modelOf(
  { id, name, architecture, tensors, matching, vocabulary }: Side,
  index: number,
  hasBase: boolean,
  rows: readonly FitRow[],
): FitModel {
  const shared = rows.filter(({ cells }) => {
    const own = cells[index];
    return cells[0]?.tensor != null && own?.tensor != null && own.fits;
  });
  return {
    id,
    name,
    part: hasBase && index === 0 ? 'base' : 'expert',
    architecture,
    parameters: architecture.parameters,
    shared: shared.length,
    tensors: tensors.size,
    prefix: matching.prefix,
    tokens: vocabulary?.tokens ?? null,
  };
}

function refusalsOf(
  models: readonly ModelOutline[],
  base: string | null,
  experts: readonly string[],
  sides: readonly Side[],
  rows: readonly FitRow[],
): readonly string[] {
  const twice = experts.find((id, i) => experts.indexOf(id) < i || id === base);
  const adapters = models
    .filter(({ kind }) => kind === 'adapter')
    .map(({ id, name }) => {
      if (id === base) return `${name} is an adapter, the change of another model: it cannot be the base.`;
      return base === null
        ? `${name} is an adapter, the change of another model: choose the base that it was trained on.`
        : `${name} is an adapter: it has to be laid on its base before it can be merged.`;
    });
  const quantised = models.flatMap(({ name, tensors }) => {
    const part = quantisedPart(tensors);
    return part ? [`${name} holds quantised weights (${part}): unpack it to float16 or bfloat16 first.`] : [];
  });
  const strangers = sides.slice(1).filter(({ matching }) => matching.of.size === 0);
  const misshapen = sides.slice(1).flatMap((side, i) => {
    const own = strangers.includes(side) ? undefined : misfit(side, rows, i + 1, models[0]?.name ?? '');
    return own === undefined ? [] : [own];
  });
  return [
    ...(experts.length === 0 ? ['No expert is chosen: choose at least one.'] : []),
    ...(twice === undefined
      ? []
      : [`${models.find(({ id }) => id === twice)?.name} is chosen twice: leave one of them out.`]),
    ...adapters,
    ...quantised,
    ...(adapters.length > 0
      ? []
      : strangers.map(({ name }) => `${name} shares no tensor with ${models[0]?.name}: they are different networks.`)),
    ...(adapters.length > 0 ? [] : misshapen),
  ];
}

/** Why a model that has the reference's names takes part in no merge: not one tensor has its shape. */
function misfit({ name }: Side, rows: readonly FitRow[], index: number, reference: string): string | undefined {
  const shared = rows.filter(({ cells, buffer }) => !buffer && cells[0]?.shape && cells[index]?.shape);
  const isLost = ({ cells, mismatches }: FitRow) =>
    cells[index]?.fits === false && mismatches.some((kind) => kind === 'shape' || kind === 'head');
  const [first] = shared;
  if (!first || !shared.every(isLost)) return undefined;
  return `${name} does not fit ${reference} in a single tensor (${first.name}: ${first.cells[index]?.reason}): take it out, or open models that were trained from the same base.`;
}
