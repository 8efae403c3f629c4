/** Which of the files of `--own` is the base, and what its experts are measured on: as on the page, and as options say. */
import { StudioError } from '../../engine/fault.ts';
import type { Choice, Found } from '../../engine/own/own-service.ts';
import { type ExpertChoice, lackingIn, rolesFor } from '../../formats/own/roles.ts';

export interface RoleOptions {
  /** Names of models; a file's without the ending. */
  readonly base: string | undefined;
  readonly experts: string | undefined;
  /** `expert=task,…` */
  readonly tasks: string | undefined;
  /** `expert=set,…` */
  readonly data: string | undefined;
  readonly attentionHeads: number | null;
}

const HINT = 'Say it with --base name, --experts a,b, --tasks a=task,… and --data a=set,….';

/** @throws StudioError naming what is missing and the options that say it */
export function ownChoice(found: Found, options: RoleOptions): Choice {
  const { base, experts } = rolesFor(found, {
    base: options.base ? pathOf(found, '--base', options.base) : '',
    experts: [],
  });
  const wanted = options.experts?.split(',').map((name) => pathOf(found, '--experts', name));
  const tasks = pairs(found, '--tasks', options.tasks);
  const data = pairs(found, '--data', options.data);
  const own = experts.map((expert): ExpertChoice => {
    const set = data.get(expert.path);
    return {
      ...expert,
      on: wanted === undefined || wanted.includes(expert.path),
      task: tasks.get(expert.path) ?? expert.task,
      data: set === undefined ? expert.data : setOf(found, set),
    };
  });
  const lacking = lackingIn({ base, experts: own }, found);
  if (lacking) throw new StudioError('recipe', `${lacking} ${HINT} Found: ${inventory(found)}.`);
  const on = own.filter((each) => each.on);
  return {
    base,
    attentionHeads: options.attentionHeads,
    experts: on.map(({ path, task, data: set }) => ({ path, task, data: set })),
  };
}

function pathOf({ models }: Found, option: string, name: string): string {
  const model = models.find((each) => each.name === name || each.path === name);
  if (model) return model.path;
  throw new StudioError(
    'recipe',
    `${option}: got "${name}", wanted one of ${models.map((each) => each.name).join(', ')}`,
  );
}

function setOf({ data }: Found, name: string): string {
  const set = data.find((each) => each.name === name || each.files.includes(name));
  if (set) return set.id;
  throw new StudioError('recipe', `--data: got "${name}", wanted one of ${data.map((each) => each.name).join(', ')}`);
}

/** By path of the expert. */
function pairs(found: Found, option: string, text: string | undefined): ReadonlyMap<string, string> {
  if (text === undefined) return new Map();
  return new Map(
    text.split(',').map((pair) => {
      const [name = '', value = ''] = pair.split('=');
      if (value === '') throw new StudioError('recipe', `${option}: got "${pair}", wanted expert=name`);
      return [pathOf(found, option, name), value] as const;
    }),
  );
}

const inventory = ({ models, tasks, data }: Found): string =>
  [
    `models ${models.map(({ name }) => name).join(', ') || 'none'}`,
    `tasks of heads ${tasks.join(', ') || 'none'}`,
    `data ${data.map(({ name }) => name).join(', ') || 'none'}`,
  ].join('; ');
