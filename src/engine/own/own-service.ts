/** What the worker of own models serves: it reads the files that somebody dropped, makes a family of them, and measures its models. */
import type { Card, Score } from '../../formats/card.ts';
import { labelled, type Sizes, sizesFor } from '../../formats/data/divide.ts';
import type { OwnSamples } from '../../formats/data/samples.ts';
import { type DataSource, sourcesOf } from '../../formats/data/sources.ts';
import { type Layout, layoutOf, type OwnHead, sameModel, withAttentionHeads } from '../../formats/own/layout.ts';
import { readSafetensors, type Safetensors } from '../../formats/safetensors/file.ts';
import { inputsOf, parametersOf } from '../../models/architecture-parameters.ts';
import { countWeights } from '../../models/parameter.ts';
import { openBackend, type WasmPaths } from '../backend.ts';
import { createEvaluator } from '../evaluator.ts';
import { replyTo, StudioError } from '../fault.ts';
import { openZoo } from '../zoo.ts';
import { familyOf, type OwnExpert, TODO } from './family.ts';
import { type OwnFile, type ReadImages, readData } from './read-data.ts';

/** A network that is to answer while a slider moves is smaller than this. */
const MAX_MODEL_BYTES = 64_000_000;

/** A model among the dropped files. */
export interface FoundModel {
  readonly path: string;
  /** Of its file, without the ending. */
  readonly name: string;
  /** In words: architecture and size. */
  readonly about: string;
  /** Tasks of the heads in the same file. */
  readonly tasks: readonly string[];
  /** Of a transformer whose file does not tell its attention heads. */
  readonly attention: { readonly assumed: number; readonly possible: readonly number[] } | null;
  readonly notes: readonly string[];
}

export interface Found {
  readonly models: readonly FoundModel[];
  /** Tasks of heads in any file. */
  readonly tasks: readonly string[];
  readonly data: readonly DataSource[];
  readonly problems: readonly string[];
}

export interface Choice {
  /** Path of the base. */
  readonly base: string;
  /** Of transformers whose files do not tell; null for what is assumed. */
  readonly attentionHeads: number | null;
  readonly experts: readonly { readonly path: string; readonly task: string; readonly data: string }[];
}

export interface Report {
  /** Samples per task in the test and in the calibration set. */
  readonly sizes: Sizes;
  /** One for each expert: what should be known of its data. */
  readonly experts: readonly { readonly samples: number; readonly notes: readonly string[] }[];
}

export interface OwnResult {
  readonly card: Card;
  readonly files: ReadonlyMap<string, Uint8Array>;
}

/** A count of right answers, as soon as it is known. */
export type OnScore = (model: string, task: string, score: Score) => void;

interface Opened {
  readonly file: Safetensors;
  readonly layout: Layout;
}

const nameOf = (path: string): string => (path.split('/').at(-1) ?? path).replace(/\.safetensors$/i, '');

export function createOwnService(readImages: ReadImages) {
  const files = new Map<string, OwnFile>();
  const models = new Map<string, Opened>();
  const heads = new Map<string, { readonly from: string; readonly head: OwnHead; readonly file: Safetensors }>();
  /** By path: a file that comes again takes its old one away. */
  const problems = new Map<string, string>();
  const read = new Map<string, Promise<OwnSamples>>();

  const addModel = async ({ path, blob }: OwnFile) => {
    if (blob.size > MAX_MODEL_BYTES)
      throw new StudioError(
        'recipe',
        `${path}: has ${blob.size} bytes; networks that are evaluated here have at most ${MAX_MODEL_BYTES}`,
      );
    const file = readSafetensors(new Uint8Array(await blob.arrayBuffer()), path);
    const layout = layoutOf(file);
    if (layout.kind === 'unknown') throw new StudioError('recipe', `${path}: ${layout.reason}.`);
    if (layout.kind === 'network') models.set(path, { file, layout });
    for (const head of layout.heads) heads.set(`${path} ${head.task}`, { from: path, head, file });
  };

  /** What was read of a file of this path before. */
  const forget = (path: string) => {
    problems.delete(path);
    models.delete(path);
    for (const [key, { from }] of heads) if (from === path) heads.delete(key);
    read.clear();
  };

  const found = (): Found => ({
    models: [...models].map(([path, { layout }]) => ({
      path,
      name: nameOf(path),
      about: describe(layout),
      tasks: layout.heads.map(({ task }) => task),
      attention: attentionOf(layout),
      notes: layout.notes,
    })),
    tasks: [...new Set([...heads.values()].map(({ head }) => head.task))],
    data: sourcesOf([...files.keys()]),
    problems: [...problems.values()],
  });

  const modelAt = (path: string, attentionHeads: number | null): Opened => {
    const opened = models.get(path);
    if (!opened) throw new StudioError('recipe', `${path}: is not among the files.`, TODO);
    try {
      return { file: opened.file, layout: withAttentionHeads(opened.layout, attentionHeads) };
    } catch (error) {
      throw new StudioError(
        'recipe',
        `${path}: ${error instanceof Error ? error.message : error}.`,
        'Choose another number.',
      );
    }
  };

  /** Of the expert's own file, else of the base's, else of any other. */
  const headOf = (task: string, expert: string, base: string) => {
    const known = heads.get(`${expert} ${task}`) ?? heads.get(`${base} ${task}`);
    const any = known ?? [...heads.values()].find(({ head }) => head.task === task);
    if (!any) throw new StudioError('recipe', `No file has heads.${task}.weight.`, TODO);
    return any;
  };

  const sourceOf = (id: string): DataSource => {
    const source = sourcesOf([...files.keys()]).find((each) => each.id === id);
    if (!source) throw new StudioError('recipe', `${id}: these data are not among the files.`, TODO);
    return source;
  };

  const samplesOf = (source: DataSource, inputs: number): Promise<OwnSamples> => {
    const key = `${source.files.join()} ${inputs}`;
    const known = read.get(key);
    if (known) return known;
    const own = source.files.flatMap((path) => files.get(path) ?? []);
    const reading = readData(source, own, inputs, readImages);
    read.set(key, reading);
    reading.catch(() => read.delete(key));
    return reading;
  };

  const prepared = async ({ base, experts, attentionHeads }: Choice) => {
    const { layout, file } = modelAt(base, attentionHeads);
    const { model } = layout;
    const own: OwnExpert[] = [];
    for (const { path, task, data } of experts) {
      const expert = modelAt(path, attentionHeads);
      const { head, file: headFrom } = headOf(task, path, base);
      if (!sameModel(expert.layout.model, model))
        throw new StudioError('recipe', differs(path, expert.layout, base, layout), TODO);
      const source = sourceOf(data);
      const samples = await samplesOf(source, inputsOf(model));
      own.push({
        name: nameOf(path),
        file: expert.file,
        head,
        headFrom,
        samples,
        labelled: labelled(samples, head.classes, source.name),
      });
    }
    const sizes = sizesFor(Math.min(...own.map((each) => each.labelled.places.length)));
    return { model, base: { name: nameOf(base), file }, own, sizes };
  };

  return {
    /** Takes more files; what cannot be read is told and left out. */
    add: (more: readonly OwnFile[]) =>
      replyTo(async () => {
        for (const file of more) {
          if (files.has(file.path)) forget(file.path);
          files.set(file.path, file);
          if (!/\.safetensors$/i.test(file.path)) continue;
          await addModel(file).catch((error: unknown) =>
            problems.set(file.path, error instanceof Error ? error.message : String(error)),
          );
        }
        return found();
      }),

    /** What a choice would be measured on. */
    check: (choice: Choice) =>
      replyTo(async (): Promise<Report> => {
        const { own, sizes } = await prepared(choice);
        return { sizes, experts: own.map((expert) => toldOf(expert, sizes)) };
      }),

    /** Makes the family and measures its base and experts on every task. */
    build: (choice: Choice, wasmPaths: WasmPaths, onScore: OnScore) =>
      replyTo(async (): Promise<OwnResult> => {
        const { model, base, own, sizes } = await prepared(choice);
        const { card, files: made } = familyOf(model, base, own, sizes);
        await openBackend({ wasmPaths, among: ['wasm', 'cpu'] });
        const accuracy = await measured(card, made, onScore);
        return { card: { ...card, accuracy }, files: made };
      }),
  };
}

export type OwnService = ReturnType<typeof createOwnService>;

function describe({ model, possibleHeads }: Layout): string {
  const weights = countWeights(parametersOf(model)).toLocaleString('en');
  if (model.architecture === 'mlp')
    return `perceptron ${[model.inputs, ...model.widths].join(' → ')}, ${model.activation}, ${weights} weights`;
  // Else they are told apart, and can be changed.
  const attention = possibleHeads.length === 0 ? `${model.heads} attention heads, ` : '';
  return `vision transformer, ${model.imageSize} × ${model.imageSize} pixels, ${model.blocks} blocks of ${model.dim}, ${attention}${weights} weights`;
}

const attentionOf = ({ model, possibleHeads }: Layout): FoundModel['attention'] =>
  model.architecture === 'vit' && possibleHeads.length > 0 ? { assumed: model.heads, possible: possibleHeads } : null;

const differs = (path: string, own: Layout, basePath: string, base: Layout): string =>
  `${nameOf(path)} is another network than ${nameOf(basePath)}: ${describe(own)}; wanted ${describe(base)}.`;

function toldOf({ samples, labelled: { places, warnings } }: OwnExpert, { test, calibration }: Sizes) {
  const unused = places.length - test - calibration;
  const more = unused > 0 ? [`${unused} further samples are not used: every task has as many.`] : [];
  return { samples: places.length, notes: [...warnings, ...samples.notes, ...more] };
}

/** Right answers of every model on every task, on the nested subsets. */
async function measured(
  card: Card,
  files: ReadonlyMap<string, Uint8Array>,
  onScore: OnScore,
): Promise<Card['accuracy']> {
  const zoo = openZoo(card, async (file) => files.get(file) ?? new Uint8Array(0));
  const evaluator = createEvaluator(zoo);
  const accuracy: Record<string, Record<string, Score[]>> = {};
  for (const id of ['base', ...card.experts.map((expert) => expert.id)]) {
    evaluator.use({ weights: await zoo.model(id) });
    const own: Record<string, Score[]> = {};
    for (const task of card.tasks) {
      const scores: Score[] = [];
      let sum = { correct: 0, n: 0 };
      for (const { from, to } of task.test) {
        const { correct, n } = await evaluator.count({ task: task.id, split: 'test', from, to });
        sum = { correct: sum.correct + correct, n: sum.n + n };
        scores.push(sum);
      }
      own[task.id] = scores;
      onScore(id, task.id, sum);
    }
    accuracy[id] = own;
  }
  evaluator.dispose();
  return accuracy;
}
