/** What of a change a low-rank adapter has no factors for, and how PEFT keeps it instead: modules in full, and biases. */

export interface WholeParts {
  /** `modules_to_save`: modules whose tensors the adapter holds whole. */
  readonly modules: readonly string[];
  /** The base's tensors in them, whether changed or not: PEFT asks for all. */
  readonly tensors: readonly string[];
  /** Biases that are kept beside low-rank factors or alone, without their module. */
  readonly biases: readonly string[];
  /** Parameters of the network itself and of lists, which belong to no module that PEFT could keep. */
  readonly nowhere: readonly string[];
}

export interface Changed {
  /** Tensors that changed and have no low-rank factors. */
  readonly left: readonly string[];
  /** All tensors of the base. */
  readonly names: readonly string[];
}

export const moduleOf = (tensor: string): string => tensor.slice(0, Math.max(tensor.lastIndexOf('.'), 0));

/** Every module that has parameters, containers among them. */
export function modulesOf(names: readonly string[]): ReadonlySet<string> {
  const modules = new Set<string>();
  for (const name of names)
    for (let module = moduleOf(name); module !== '' && !modules.has(module); module = moduleOf(module))
      modules.add(module);
  return modules;
}

const isIn = (name: string, module: string): boolean => name.startsWith(`${module}.`);
const isBias = (name: string): boolean => name.endsWith('.bias');
/** Of a parameter that stands in a list: "scales.0". */
const IN_LIST = /\.\d+$/;

export function wholeParts({ left, names }: Changed): WholeParts {
  const nowhere = left.filter((name) => moduleOf(name) === '' || IN_LIST.test(name));
  const placed = left.filter((name) => !nowhere.includes(name));
  const modules = outermost(
    matchedToo(new Set(placed.filter((name) => !isBias(name)).map(moduleOf)), [...modulesOf(names)]),
  );
  const inModules = (name: string) => modules.some((module) => isIn(name, module));
  return {
    modules,
    tensors: names.filter(inModules),
    biases: placed.filter((name) => isBias(name) && !inModules(name)),
    nowhere,
  };
}

/** PEFT takes every module whose name ends with one of the names, "norm" also "q_norm": then those are kept, too. */
function matchedToo(meant: ReadonlySet<string>, all: readonly string[]): readonly string[] {
  const ends = [...meant];
  return all.filter((module) => ends.some((end) => module.endsWith(end)));
}

const outermost = (modules: readonly string[]): readonly string[] =>
  modules.filter((module) => !modules.some((outer) => isIn(module, outer)));

/** Output layers that share the input's table in models whose files hold it once, by the table's name. */
const TIED: readonly (readonly [RegExp, string])[] = [
  [/^(?:model\.)?(?:language_model\.)?model\.embed_tokens\.weight$/, 'lm_head.weight'],
  [/^transformer\.wte\.weight$/, 'lm_head.weight'],
];
/** Models with these end in something else than a tied output layer. */
const OTHER_HEAD = /^(?:score|classifier|qa_outputs)\./;

/** The output layer that shares a table with the input although the file does not hold it; undefined where there is none. */
export function tiedTo(table: string, names: readonly string[]): string | undefined {
  const head = TIED.find(([pattern]) => pattern.test(table))?.[1];
  return head === undefined || names.includes(head) || names.some((name) => OTHER_HEAD.test(name)) ? undefined : head;
}
