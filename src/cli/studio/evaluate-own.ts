/** `studio evaluate --own <folder>`: own models on own data, as the page's sheet "Your own models and data" and then its bars have them. */

import { type Reply, StudioError } from '../../engine/fault.ts';
import { createOwnService, type Report } from '../../engine/own/own-service.ts';
import { openZoo } from '../../engine/zoo.ts';
import type { Card } from '../../formats/card.ts';
import { parseLink } from '../../formats/link.ts';
import type { Recipe } from '../../formats/recipe.ts';
import { checkRecipe } from '../../formats/recipe-check.ts';
import { accuracyOf } from '../../formats/scores.ts';
import { metadata } from '../../methods/metadata.ts';
import { type MeasureOptions, measureMerge, mergeTable } from './evaluate.ts';
import { wasmFolder } from './local.ts';
import { noImages, ownFolder } from './own-folder.ts';
import { ownChoice, type RoleOptions } from './own-roles.ts';
import { wholeNumber } from './whole-number.ts';

interface Options extends Omit<RoleOptions, 'attentionHeads'> {
  readonly json: boolean;
  readonly samples: string | undefined;
  readonly attentionHeads: string | undefined;
}

/** More do not fit any width that is run here. */
const MOST_HEADS = 1024;

/** @param link of the merge to measure besides base and experts; the page's opening merge where it is missing */
export async function evaluateOwn(folder: string, link: string | undefined, options: Options): Promise<string> {
  const service = createOwnService(noImages);
  const found = answerOf(await service.add(await ownFolder(folder)));
  for (const problem of found.problems) process.stderr.write(`${problem}\n`);
  const attentionHeads =
    options.attentionHeads === undefined
      ? null
      : wholeNumber('--attention-heads', options.attentionHeads, 1, 1, MOST_HEADS);
  const choice = ownChoice(found, { ...options, attentionHeads });
  const report = answerOf(await service.check(choice));
  const { card, files } = answerOf(await service.build(choice, wasmFolder(), () => {}));
  const zoo = openZoo(card, async (name) => files.get(name) ?? new Uint8Array(0));
  const merge = await measureMerge(recipeFor(card, link), { card, zoo }, mergeOptions(options));
  const base = found.models.find(({ path }) => path === choice.base);
  const experts = choice.experts.map(({ path, task, data }, i) => ({
    model: card.experts[i]?.id ?? task,
    path,
    task,
    data: found.data.find(({ id }) => id === data)?.files ?? [],
    samples: report.experts[i]?.samples ?? 0,
    notes: report.experts[i]?.notes ?? [],
  }));
  const result = {
    ...merge,
    network: base?.about ?? '',
    attentionHeads: card.model.architecture === 'vit' ? card.model.heads : null,
    notes: [...(base?.notes ?? []), ...assumed(base?.attention ?? null, attentionHeads)],
    base: choice.base,
    experts,
    sizes: report.sizes,
    models: Object.fromEntries(Object.entries(card.accuracy).map(([model, tasks]) => [model, lastOf(tasks)])),
  };
  return options.json ? JSON.stringify(result, null, 2) : printed(result, mergeTable(merge));
}

const mergeOptions = ({ samples }: Options): MeasureOptions => ({ samples, tasks: undefined });

const assumed = (attention: { readonly assumed: number } | null, chosen: number | null): string[] =>
  attention && chosen === null
    ? [`The number of attention heads is assumed to be ${attention.assumed}; --attention-heads changes it.`]
    : [];

function recipeFor(card: Card, link: string | undefined): Recipe {
  const start = link?.indexOf('#') ?? -1;
  const given = link === undefined ? '#v=1' : start >= 0 ? link.slice(start) : `#${link}`;
  const family = new URLSearchParams(given.slice(1)).get('z');
  if (family !== null && family !== card.family)
    throw new StudioError(
      'recipe',
      `the link is to ${family}, but these files make the family ${card.family}`,
      'Name the folder with the same files, or leave "z=…" out of the link.',
    );
  const parsed = parseLink(family === null ? `${given}&z=${card.family}` : given, metadata, card);
  if (parsed.kind === 'refused') throw new StudioError('recipe', `${parsed.reason} ${parsed.todo}`);
  for (const note of parsed.notes) process.stderr.write(`${note}\n`);
  const refusal = checkRecipe(parsed.recipe, metadata, card);
  if (refusal) throw new StudioError('recipe', refusal);
  return parsed.recipe;
}

function answerOf<T>(reply: Reply<T>): T {
  if (reply.ok) return reply.value;
  const { code, message, todo } = reply.failure;
  throw new StudioError(code, message, todo);
}

type Tasks = Card['accuracy'][string];

/** On the whole test set. */
const lastOf = (tasks: Tasks) =>
  Object.fromEntries(Object.entries(tasks).flatMap(([task, scores]) => scores.slice(-1).map((score) => [task, score])));

interface Printed {
  readonly network: string;
  readonly notes: readonly string[];
  readonly experts: readonly { readonly model: string; readonly samples: number; readonly notes: readonly string[] }[];
  readonly sizes: Report['sizes'];
  readonly models: Readonly<Record<string, ReturnType<typeof lastOf>>>;
}

function printed({ network, notes, experts, sizes, models }: Printed, merge: string): string {
  const tasks = experts.map(({ model }) => model);
  const width = Math.max(5, ...tasks.map((task) => task.length));
  const column = (text: string) => text.padStart(Math.max(width, 7) + 2);
  const row = (model: string) => {
    const shares = tasks.map((task) => {
      const score = models[model]?.[task];
      return column(score ? `${(100 * accuracyOf(score)).toFixed(1)} %` : '');
    });
    return `${model.padEnd(width)}${shares.join('')}`;
  };
  return [
    [network, ...notes].join('. ').replaceAll('..', '.'),
    ...experts.map(({ model, samples, notes: told }) => [`${model}: ${samples} samples.`, ...told].join(' ')),
    `Right answers on ${sizes.test} test samples per task; ${sizes.calibration} others are kept for methods that learn.`,
    `${''.padEnd(width)}${tasks.map(column).join('')}`,
    ...['base', ...tasks].map(row),
    '',
    merge,
  ].join('\n');
}
