/** What somebody most likely means with the files they dropped: a base, experts, and data that are called like them. */
import type { DataSource } from '../data/sources.ts';

/** What there is to choose from. */
interface Found {
  readonly models: readonly { readonly path: string; readonly name: string; readonly tasks: readonly string[] }[];
  /** Of heads in any file. */
  readonly tasks: readonly string[];
  readonly data: readonly DataSource[];
}

export interface ExpertChoice {
  /** Path of its file. */
  readonly path: string;
  readonly on: boolean;
  /** Whose head it is measured with; '' while none is known. */
  readonly task: string;
  /** Id of its data; '' while there is none. */
  readonly data: string;
}

export interface Roles {
  /** Path; '' while there is no model. */
  readonly base: string;
  readonly experts: readonly ExpertChoice[];
}

/** What was chosen before stays, as far as it is still there. */
export function rolesFor(found: Found, before: Roles): Roles {
  const { models } = found;
  const kept = models.some(({ path }) => path === before.base) ? before.base : '';
  const named = models.find(({ name }) => /base|pre-?train/i.test(name));
  const widest = [...models].sort((a, b) => b.tasks.length - a.tasks.length)[0];
  const base = kept || (named ?? widest)?.path || '';
  return { base, experts: models.flatMap((model) => (model.path === base ? [] : expertOf(model, found, before))) };
}

function expertOf({ path, name, tasks }: Found['models'][number], found: Found, before: Roles): ExpertChoice {
  const old = before.experts.find((each) => each.path === path);
  const [only] = tasks.length === 1 ? tasks : found.tasks.filter((task) => alike(task, name));
  const task = old?.task || (only ?? '');
  const data = old?.data || (dataFor(found, [task, name]) ?? '');
  return { path, on: old?.on ?? true, task, data };
}

const dataFor = ({ data }: Found, names: readonly string[]): string | undefined =>
  (data.find((each) => names.some((name) => alike(each.name, name))) ?? (data.length === 1 ? data[0] : undefined))?.id;

function alike(a: string, b: string): boolean {
  const [one, other] = [a.toLowerCase(), b.toLowerCase()];
  return one !== '' && other !== '' && (one.includes(other) || other.includes(one));
}

/** What is missing before anything can be measured, in words; '' when nothing is. */
export function lackingIn({ base, experts }: Roles, found: Found | null): string {
  const on = experts.filter((each) => each.on);
  if (!found || found.models.length === 0)
    return 'Add the models: a base and at least two experts, as safetensors files.';
  if (found.data.length === 0)
    return 'Add labelled data for each expert: an IDX pair, a CSV, text lines, or folders of pictures.';
  if (!base || on.length < 2) return 'A base and at least two experts are needed.';
  const headless = on.find(({ task }) => task === '');
  if (headless) return `Choose the task of ${headless.path}: no head in the files is called like it.`;
  const twice = on.find(({ task }, i) => on.findIndex((other) => other.task === task) < i);
  if (twice) return `Two experts have the task ${twice.task}: choose another one for ${twice.path}.`;
  const without = on.find(({ data }) => data === '');
  return without ? `Choose the data that ${without.path} is measured on.` : '';
}
