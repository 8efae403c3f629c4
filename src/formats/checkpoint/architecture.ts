/** Which network a model is, told from the names and shapes of its tensors. */
import { ARCHITECTURES, type ArchitectureRow, type Sign } from './architecture-table.ts';
import { isBuffer } from './buffers.ts';
import { numberIn, patternOf, tailsOf } from './name-pattern.ts';
import type { ModelOutline, TensorOutline } from './outline.ts';

/** A run of blocks that are named alike. */
export interface Section {
  readonly pattern: string;
  /** Numbers of its blocks, rising. */
  readonly blocks: readonly number[];
}

export interface Architecture {
  /** A row of architecture-table.ts, or 'generic'. */
  readonly id: string;
  readonly name: string;
  /** Why it is taken for this one, in a sentence; also where config.json says something else. */
  readonly reason: string;
  /** Blocks from input to output; of towers side by side, of the main one. 0 where names tell of none. */
  readonly layers: number;
  /** Width of the residual stream, null where it cannot be told. */
  readonly hidden: number | null;
  /** Rows of the token embedding, null where there is none. */
  readonly vocabulary: number | null;
  /** Names of the token embedding and of the output layer over the vocabulary, as far as the files hold them. */
  readonly embedding: string | null;
  readonly head: string | null;
  /** The files hold no output layer of its own: the token embedding is it. */
  readonly tied: boolean;
  /** Weights of all tensors but counts, indices and masks. */
  readonly parameters: number;
  /** By tower, the main one first; from input to output. */
  readonly towers: readonly (readonly Section[])[];
}

/** Each pattern that names end in, with the first tensor (by length, then alphabet) that has it. */
type Tails = ReadonlyMap<string, TensorOutline>;

/** Outlines never change, and every new choice asks again. */
const known = new WeakMap<ModelOutline, Architecture>();

/** @returns the first architecture of the table whose names the model has, or a generic one from the numbers in the names */
export function recognise(outline: ModelOutline): Architecture {
  const found = known.get(outline) ?? recognised(outline);
  known.set(outline, found);
  return found;
}

function recognised({ tensors, config }: ModelOutline): Architecture {
  const tails = tailsIn(tensors);
  const fitting = ARCHITECTURES.filter((row) => isSigned(row, tails));
  const type = typeIn(config);
  const told = type === undefined ? undefined : fitting.find(({ types }) => types.includes(type));
  const [first] = fitting;
  const row = told ?? first;
  const towers = sectionsIn(tensors, row ? row.towers : numberedIn(tensors));
  const embedding = row?.embedding === undefined ? undefined : tails.get(row.embedding);
  const head = row?.head === undefined ? undefined : tails.get(row.head);
  const wide = row?.width && tails.get(row.width[0]);
  const layers = blocksIn(towers[0]);
  return {
    id: row?.id ?? 'generic',
    name: row?.name ?? 'unknown architecture',
    reason: [reasonFor(row, fitting, type, told !== undefined), ...layersIn(config, layers)].join(' '),
    layers,
    hidden: embedding?.shape[1] ?? (row?.width && wide?.shape[row.width[1]]) ?? null,
    vocabulary: embedding?.shape[0] ?? null,
    embedding: embedding?.name ?? null,
    head: head?.name ?? null,
    tied:
      row?.head !== undefined &&
      embedding !== undefined &&
      head === undefined &&
      field(config, 'tie_word_embeddings') !== false,
    parameters: weightsIn(tensors),
    towers,
  };
}

export const blocksIn = (tower: readonly Section[] | undefined): number =>
  (tower ?? []).reduce((sum, { blocks }) => sum + blocks.length, 0);

/** The output layer's name, where an architecture is known to have one. */
export function headNameOf({ id, embedding, head }: Architecture): string | null {
  const row = ARCHITECTURES.find((known) => known.id === id);
  if (head !== null || row?.head === undefined || embedding === null) return head;
  return row.head;
}

function weightsIn(tensors: readonly TensorOutline[]): number {
  return tensors.reduce((sum, tensor) => (isBuffer(tensor) ? sum : sum + sizeOf(tensor.shape)), 0);
}

export const sizeOf = (shape: readonly number[]): number => shape.reduce((product, side) => product * side, 1);

// ---------------------------------------------------------------- signs

function tailsIn(tensors: readonly TensorOutline[]): Tails {
  const patterns = new Map<string, TensorOutline>();
  for (const tensor of tensors) keepFirst(patterns, patternOf(tensor.name), tensor);
  const tails = new Map<string, TensorOutline>();
  for (const [pattern, tensor] of patterns) for (const tail of tailsOf(pattern)) keepFirst(tails, tail, tensor);
  return tails;
}

function keepFirst(map: Map<string, TensorOutline>, key: string, tensor: TensorOutline): void {
  const known = map.get(key);
  if (!known || isBefore(tensor.name, known.name)) map.set(key, tensor);
}

const isBefore = (a: string, b: string): boolean => a.length < b.length || (a.length === b.length && a < b);

function isSigned({ needs, any }: ArchitectureRow, tails: Tails): boolean {
  const has = (sign: Sign) =>
    typeof sign === 'string' ? tails.has(sign) : tails.get(sign.tensor)?.shape[sign.axis] === sign.is;
  return needs.every(has) && (any === undefined || any.some(has));
}

// ---------------------------------------------------------------- blocks

function sectionsIn(
  tensors: readonly TensorOutline[],
  towers: readonly (readonly string[])[],
): readonly (readonly Section[])[] {
  const numbers = new Map(towers.flat().map((pattern) => [pattern, new Set<number>()]));
  const longest = [...numbers].sort(([a], [b]) => b.length - a.length);
  for (const { name } of tensors) {
    for (const [pattern, found] of longest) {
      const number = numberIn(name, pattern);
      if (number === undefined) continue;
      found.add(number);
      break;
    }
  }
  const section = (pattern: string): Section => ({
    pattern,
    blocks: [...(numbers.get(pattern) ?? [])].sort((a, b) => a - b),
  });
  return towers
    .map((tower) => tower.map(section).filter(({ blocks }) => blocks.length > 0))
    .filter((tower) => tower.length > 0);
}

/** Where nothing is known: what stands before the first number of names, if there are at least two numbers; the fullest first. */
function numberedIn(tensors: readonly TensorOutline[]): readonly (readonly string[])[] {
  const found = new Map<string, { readonly numbers: Set<string>; tensors: number }>();
  for (const { name } of tensors) {
    const [stem, number] = /^(.*?)(?:^|(?<=\.))(\d+)(?:\.|$)/.exec(name)?.slice(1) ?? [];
    if (stem === undefined || number === undefined) continue;
    const known = found.get(`${stem}#`) ?? { numbers: new Set(), tensors: 0 };
    known.numbers.add(number);
    known.tensors++;
    found.set(`${stem}#`, known);
  }
  return [...found]
    .filter(([, { numbers }]) => numbers.size > 1)
    .sort(([a, one], [b, other]) => other.tensors - one.tensors || (a < b ? -1 : 1))
    .map(([pattern]) => [pattern]);
}

// ---------------------------------------------------------------- words

const field = (config: unknown, key: string): unknown =>
  typeof config === 'object' && config !== null ? Object.getOwnPropertyDescriptor(config, key)?.value : undefined;

/** Longer ones are no names of networks. */
const LONGEST_TYPE = 60;

function typeIn(config: unknown): string | undefined {
  const type = field(config, 'model_type');
  return typeof type === 'string' ? type.slice(0, LONGEST_TYPE) : undefined;
}

function reasonFor(
  row: ArchitectureRow | undefined,
  fitting: readonly ArchitectureRow[],
  type: string | undefined,
  told: boolean,
): string {
  const said = type === undefined ? '' : ` config.json says “${type}”.`;
  if (!row) return `Its tensors have names of no known network.${said}`;
  if (told) return `Its tensors have the names of ${row.name}, and config.json says so too.`;
  const alike = fitting.filter((other) => other !== row && other.needs === row.needs).map(({ name }) => name);
  const others =
    alike.length === 0 ? '' : ` ${alike.join(' and ')} is named alike: only config.json could tell them apart.`;
  return `Its tensors have the names of ${row.name}.${said === '' ? others : said}`;
}

/** Where config.json counts other layers than the files hold: a shard may be missing. */
function layersIn(config: unknown, layers: number): readonly string[] {
  const said = field(config, 'num_hidden_layers') ?? field(config, 'n_layer');
  if (typeof said !== 'number' || layers === 0 || said === layers) return [];
  return [`config.json says ${said} layers, the files hold ${layers}: is a file missing?`];
}
