/** A fit in sentences. */

import { grouped } from '../in-words.ts';
import { isStatistic } from './buffers.ts';
import type { Fit, FitRow } from './fit-table.ts';

type Report = Omit<Fit, 'remarks' | 'summary'>;

const UNITS = [
  [1e12, 'trillion'],
  [1e9, 'billion'],
  [1e6, 'million'],
] as const;
const THREE_DIGITS = 3;

/** 6738415616 → “6.74 billion” */
export function inWords(count: number): string {
  const unit = UNITS.find(([size]) => count >= size);
  return unit ? `${Number((count / unit[0]).toPrecision(THREE_DIGITS))} ${unit[1]}` : grouped(count);
}

const counted = (count: number, noun: string): string => `${grouped(count)} ${noun}${count === 1 ? '' : 's'}`;
const joined = (parts: readonly string[]): string =>
  parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`;

const SHORT = {
  vocabulary: 'in the vocabulary',
  head: 'in the head',
  tied: 'in whether the output layer is tied',
  shape: 'in shape',
  lacking: 'by lacking in an expert',
  extra: 'by lacking in the reference',
} as const;

export function summaryOf({ models, rows, decisions, architecture, refusals, parameters }: Report): string {
  const [refusal] = refusals;
  const fitting = rows.filter(({ mismatches }) => mismatches.length === 0).length;
  const experts = models.filter(({ part }) => part === 'expert').length;
  const who = models.length > experts ? `${counted(experts, 'expert')} and the base` : counted(experts, 'model');
  const what = `${who}, ${architecture.name}`;
  if (refusal !== undefined) return refusal;
  const whole = `${what}, ${inWords(parameters)} parameters`;
  if (fitting === rows.length) return `All ${counted(rows.length, 'tensor')} fit: ${whole}.`;
  const how = decisions.map(
    ({ mismatch, tensors, chosen }) =>
      `${grouped(tensors.length)} differ${tensors.length === 1 ? 's' : ''} ${SHORT[mismatch]}${chosen === null ? '' : ' (decided)'}`,
  );
  const open = decisions.filter(({ chosen }) => chosen === null).length;
  const fit =
    fitting === 0
      ? `None of ${counted(rows.length, 'tensor')} fits`
      : `${grouped(fitting)} of ${counted(rows.length, 'tensor')} fit`;
  // How many parameters there will be depends on what is decided.
  if (open > 0)
    return `${fit}, ${joined(how)}: ${what}. ${counted(open, 'decision')} to make before they can be merged.`;
  return `${fit}, ${joined(how)}: ${whole}.`;
}

const MOST_NAMES = 3;

function named(rows: readonly FitRow[]): string {
  const more = rows.length - MOST_NAMES;
  const names = rows.slice(0, MOST_NAMES).map(({ name }) => name);
  return more > 0 ? `${names.join(', ')} and ${more} more` : joined(names);
}

export function remarksOn({ models, rows, decisions, architecture, tokenRows }: Report): readonly string[] {
  const [reference] = models;
  const others = models.slice(1);
  const chosen = (mismatch: string) => decisions.find((decision) => decision.mismatch === mismatch)?.chosen;
  const typed = others.flatMap(({ name }, i) => {
    const own = rows.filter(
      ({ cells }) => cells[i + 1]?.dtype != null && cells[0]?.dtype != null && cells[i + 1]?.dtype !== cells[0]?.dtype,
    );
    const [first] = own;
    if (!first) return [];
    return [
      `${name} stores ${counted(own.length, 'tensor')} as ${first.cells[i + 1]?.dtype} where ${reference?.name} has ${first.cells[0]?.dtype}: they are read alike.`,
    ];
  });
  const prefixed = others.flatMap(({ name, prefix }) => {
    if (prefix === '') return [];
    const what = prefix.startsWith('+')
      ? `with “${prefix.slice(1)}” in front`
      : `without “${prefix.slice(1)}” in front`;
    return [`${name} has the same names ${what}: they are matched.`];
  });
  const kinds = others.flatMap(({ name, architecture: { id, name: kind } }) =>
    id === architecture.id
      ? []
      : [
          `${name} looks like ${kind}, ${reference?.name} like ${architecture.name}: were they trained from the same base?`,
        ],
  );
  const copied = rows.filter(({ fate, mismatches }) => fate.kind === 'copy' && mismatches.length === 0);
  const statistics = rows.filter(({ name, fate }) => fate.kind === 'merge' && isStatistic(name));
  const left = rows.filter(({ fate }) => fate.kind === 'left out');
  const tied = rows.filter(
    ({ cells, fate, mismatches }) =>
      !mismatches.includes('tied') && fate.kind === 'merge' && cells.some(({ reason }) => reason.startsWith('tied')),
  );
  return [
    ...kinds,
    ...prefixed,
    ...typed,
    ...(tied.length > 0 ? [`${named(tied)}: models with tied embeddings count with their embedding.`] : []),
    ...(copied.length > 0
      ? [
          `${counted(copied.length, 'tensor')} that no training changes (${named(copied)}) ${copied.length === 1 ? 'is' : 'are'} copied, not merged.`,
        ]
      : []),
    ...(statistics.length > 0
      ? [
          `${counted(statistics.length, 'running statistic')} of batch normalisation are merged like weights: measure them anew on data before use.`,
        ]
      : []),
    ...vocabularyRemarks({ models, decisions, tokenRows }),
    ...(chosen('tied') === 'untie'
      ? ['The merged model has an output layer of its own: set tie_word_embeddings to false in its config.json.']
      : []),
    ...(left.length > 0
      ? [`${counted(left.length, 'tensor')} ${left.length === 1 ? 'is' : 'are'} left out: ${named(left)}.`]
      : []),
  ];
}

/** How rows of differing vocabularies find each other. */
function vocabularyRemarks({
  models,
  decisions,
  tokenRows,
}: Pick<Report, 'models' | 'decisions' | 'tokenRows'>): readonly string[] {
  const decision = decisions.find(({ mismatch }) => mismatch === 'vocabulary');
  if (!decision) return [];
  const [reference] = models;
  const { chosen } = decision;
  const unknown = models.filter(({ tokens }) => tokens === null).map(({ name }) => name);
  const missing =
    unknown.length === 0
      ? []
      : [
          `${joined(unknown)} ${unknown.length === 1 ? 'has' : 'have'} no tokenizer.json beside the weights: where it is dropped with every model, rows are matched by token.`,
        ];
  if (tokenRows !== null)
    return [
      `Rows of the vocabulary are matched by token: the merged model has ${tokenRows} rows. Set vocab_size to ${tokenRows} in its config.json, and use ${chosen === 'union' ? 'the tokenizer.json that comes with it' : `the tokenizer of ${reference?.name}`}.`,
    ];
  if (chosen !== 'union' && chosen !== 'base' && chosen !== 'numbers') return missing;
  return [
    'Rows of the vocabulary are matched by their number: make sure that the tokenizers give the same tokens the same numbers.',
    ...missing,
  ];
}
