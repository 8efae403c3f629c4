/** Which tensor of a base model each tensor of an adapter belongs to, from names and shapes alone. */
import type { TensorOutline } from '../checkpoint/outline.ts';
import { isFloat } from '../safetensors/dtype.ts';
import { bareName, type FindWeight, weightFinder } from './find-module.ts';
import { bothNames } from './later-names.ts';
import { type AdapterRole, foreignKind, readAdapterName } from './names.ts';
import { tiedTo } from './whole-modules.ts';

/** A low-rank change of one tensor. */
export interface LowRankMatch {
  /** Of the base. */
  readonly target: string;
  /** As the adapter calls it, without the prefixes of tools: what patterns of its configuration are matched with. */
  readonly module: string;
  readonly down: string;
  readonly up: string;
  /** The tensor that holds α, where there is one. */
  readonly alpha: string | undefined;
  /** The tensor of DoRA's magnitudes, where there is one. */
  readonly magnitude: string | undefined;
  /** The second product of LoHa. */
  readonly times: { readonly down: string; readonly up: string } | undefined;
  /** What is added to the module's bias, and that bias. */
  readonly bias: { readonly from: string; readonly target: string } | undefined;
  readonly rank: number;
  readonly turned: boolean;
}

export interface AdapterMatch {
  readonly changes: readonly LowRankMatch[];
  /** Adapter's tensor → the tensor that it stands for whole. */
  readonly replaced: ReadonlyMap<string, string>;
  /** What belongs to nothing, each with the reason. */
  readonly problems: readonly string[];
}

export interface MatchOptions {
  /** The base's matrices are in × out. */
  readonly fanInFanOut: boolean;
  /** Every module has magnitudes. */
  readonly dora: boolean;
  /** Modules that the adapter may bring although the base lacks them. */
  readonly modulesToSave: readonly string[];
}

/** What an adapter holds for one module. */
interface Parts {
  down?: TensorOutline;
  up?: TensorOutline;
  alpha?: TensorOutline;
  magnitude?: TensorOutline;
  down2?: TensorOutline;
  up2?: TensorOutline;
  bias?: TensorOutline;
  embedding: boolean;
}

/** Which part of a module a tensor is. */
const PLACES = {
  down: 'down',
  up: 'up',
  'embedding-down': 'down',
  'embedding-up': 'up',
  alpha: 'alpha',
  magnitude: 'magnitude',
  bias: 'bias',
  'down-2': 'down2',
  'up-2': 'up2',
} as const satisfies Partial<Record<AdapterRole, keyof Parts>>;

export function matchAdapter(
  adapter: readonly TensorOutline[],
  base: readonly TensorOutline[],
  options: MatchOptions,
): AdapterMatch {
  const modules = new Map<string, Parts>();
  const whole: TensorOutline[] = [];
  for (const tensor of adapter) {
    const { module, role } = readAdapterName(tensor.name);
    if (role === 'other' || role === 'foreign') {
      whole.push(tensor);
      continue;
    }
    const parts = modules.get(module) ?? { embedding: false };
    modules.set(module, parts);
    parts[PLACES[role]] = tensor;
    if (role === 'embedding-down' || role === 'embedding-up') parts.embedding = true;
  }
  const find = weightFinder(base);
  const names = new Map(base.flatMap(({ name }) => bothNames(name).map((each) => [each, name] as const)));
  // The input's table under the name of the output layer that shares it; PEFT saves both.
  const own = [...names.values()];
  const copies = new Set(own.flatMap((name) => tiedTo(name, own) ?? []));
  const problems: string[] = [];
  const changes = [...modules].flatMap(([module, parts]) => {
    const match = matchModule(module, parts, find, { ...options, base: names });
    if (typeof match !== 'string') return [match];
    problems.push(match);
    return [];
  });
  const replaced = new Map<string, string>();
  for (const { name } of whole) {
    if (copies.has(bareName(name))) continue;
    const target = wholeTarget(name, names, options.modulesToSave);
    const foreign = foreignKind(name);
    if (foreign !== undefined)
      problems.push(
        `${name}: belongs to ${foreign}, which is not read; merge it with the tool that made it, and drop the result`,
      );
    else if (target === undefined) problems.push(`${name}: is neither a low-rank factor nor a tensor of the base`);
    else replaced.set(name, target);
  }
  problems.push(...twice([...changes.map(({ target }) => target), ...replaced.values()]));
  return { changes, replaced, problems };
}

interface ModuleOptions extends MatchOptions {
  /** Names of the base's tensors. */
  readonly base: ReadonlyMap<string, string>;
}

function matchModule(
  module: string,
  parts: Parts,
  find: FindWeight,
  { fanInFanOut, dora, base }: ModuleOptions,
): LowRankMatch | string {
  const { down, up, alpha, embedding, magnitude, down2, up2, bias } = parts;
  if (!down || !up) return `${module}: its ${down ? 'up (B)' : 'down (A)'} factor is missing`;
  const target = find(module);
  if (target === undefined) return `${module}: the base has no such module`;
  if (target === 'ambiguous') return `${module}: several modules of the base have this name`;
  const turned = isTurned(target.shape, down.shape, up.shape, embedding || fanInFanOut);
  const shapes = `down ${inWords(down.shape)}, up ${inWords(up.shape)}`;
  if (turned === undefined)
    return `${module}: ${shapes} do not fit ${target.name} ${inWords(target.shape)} of the base`;
  const own = [target, down, up, alpha, magnitude, down2, up2, bias].flatMap((tensor) => tensor ?? []);
  if (!own.every(({ dtype }) => isFloat(dtype)))
    return `${module}: ${target.name} is ${target.dtype} in the base, which cannot be changed`;
  const outputs = up.shape[0] ?? 0;
  if (dora && !magnitude) return `${module}: its magnitudes are missing, which use_dora asks for`;
  if (magnitude && (product(magnitude.shape) !== outputs || (magnitude.shape.length === 2 && magnitude.shape[0] === 1)))
    return `${module}: its magnitudes are ${inWords(magnitude.shape)}, wanted one for each of ${outputs} outputs`;
  const isPair = down2 && up2 && down2.shape.join() === down.shape.join() && up2.shape.join() === up.shape.join();
  if ((down2 || up2) && !isPair) return `${module}: its two products do not have the same shapes`;
  const biasTarget = `${target.name.slice(0, -'weight'.length)}bias`;
  if (bias && (!base.has(biasTarget) || product(bias.shape) !== outputs))
    return `${module}: brings a bias of ${inWords(bias.shape)}, for which the base has no ${biasTarget} of that length`;
  return {
    target: target.name,
    module: bareName(module),
    down: down.name,
    up: up.name,
    alpha: alpha?.name,
    magnitude: magnitude?.name,
    times: isPair ? { down: down2.name, up: up2.name } : undefined,
    bias: bias && { from: bias.name, target: biasTarget },
    rank: down.shape[0] as number,
    turned,
  };
}

const inWords = (shape: readonly number[]): string => `[${shape.join(', ')}]`;
const product = (sides: readonly number[]): number => sides.reduce((total, side) => total * side, 1);

/** Whether the change is to be turned, for up · down [out, in] on a tensor of the base; undefined where it fits neither way. */
function isTurned(
  target: readonly number[],
  down: readonly number[],
  up: readonly number[],
  wanted: boolean,
): boolean | undefined {
  const [rank, ...input] = down;
  const [output, inner, ...kernel] = up;
  if (rank === undefined || output === undefined || rank < 1 || inner !== rank || product(kernel) !== 1)
    return undefined;
  const [rows = 1, ...rest] = target;
  // A convolution's sides must agree one by one: [in, 3, 1] is not [in, 1, 3].
  const sides = input.length > 1 && rest.length > 1 ? input.join() === rest.join() : product(input) === product(rest);
  const fits = target.length >= 2 && rows === output && sides;
  const fitsTurned = target.length === 2 && input.length === 1 && rows === input[0] && rest[0] === output;
  if (fits && fitsTurned) return wanted;
  return fits ? false : fitsTurned ? true : undefined;
}

/** The tensor that one of the adapter stands for whole: one of the base, or one of a module that was trained with it. */
function wholeTarget(
  name: string,
  base: ReadonlyMap<string, string>,
  modulesToSave: readonly string[],
): string | undefined {
  const bare = bareName(name);
  const known = base.get(name) ?? base.get(bare);
  if (known !== undefined) return known;
  const brought = modulesToSave.some((module) => `.${bare}`.includes(`.${module}.`));
  return brought ? bare : undefined;
}

function twice(targets: readonly string[]): string[] {
  const repeated = targets.filter((target, index) => targets.indexOf(target) < index);
  return [...new Set(repeated)].map((target) => `${target}: is changed by two modules of the adapter`);
}
