/** Stage 5: packs the family, measures it with the page's own engine, and writes public/zoo/<family>. */
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openZoo } from '../../engine/zoo.ts';
import { type Card, parseCard } from '../../formats/card.ts';
import { fromFloat16, toFloat16 } from '../../formats/safetensors/float16.ts';
import { countWeights } from '../../models/parameter.ts';
import { vitParameters } from '../../models/vit-parameters.ts';
import { chooseOpening, createChooser, rankSets } from './choose.ts';
import { describeTraining, describeTypefaces } from './describe.ts';
import type { Typefoundry } from './faces.ts';
import { accuracy, createGauge, type Gauge, type HitsByTask, SPLIT_SIZE, scoreOf } from './gauge.ts';
import { countCorrect, disposeTensors, toTensors, type Values } from './network.ts';
import { type Dtype, type Files, packTask, packValues, TEST_CUTS } from './pack.ts';
import { measurePoints } from './points.ts';
import { CONFIG, FAMILY } from './recipe.ts';
import { firstView, sizeTargets } from './sizes.ts';
import { measureTargets } from './targets.ts';
import { TASKS } from './tasks.ts';
import { loadSamples, loadValues } from './workshop.ts';

const IDS = TASKS.map(({ id }) => id);
/** Float16 is taken when no model loses more than this on the test split, mean over tasks. */
const FLOAT16_TOLERANCE = 0.002;

export async function measure(foundry: Typefoundry): Promise<void> {
  const files: Files = new Map();
  const dtype = chooseDtype();
  const draft = draftCard(files, dtype, foundry);
  const gauge = createGauge(openZoo(draft, async (file) => files.get(file) ?? new Uint8Array(0)));
  const answers = await answerAll(gauge);
  const own = {
    test: ownAccuracy(await ownAnswers(gauge, 'test')),
    calibration: ownAccuracy(await ownAnswers(gauge, 'calibration')),
  };
  console.log('measured: base, experts, average; ranking sets of experts on calibration …');
  const pairs = await rankSets(gauge, IDS, 2, own);
  const triples = await rankSets(gauge, IDS, 3, own);
  const opening = chooseOpening(IDS, own.calibration, pairs, triples);
  console.log(`opening: ${opening.experts.join(', ')}; measuring its points and the targets …`);
  const points = await measurePoints(gauge, opening.experts);
  const card: Card = {
    ...draft,
    accuracy: Object.fromEntries([...answers].map(([model, hits]) => [model, tiersOf(hits)])),
    opening: { experts: [...opening.experts], pair: [...opening.pair], points },
  };
  const fours = await rankSets(gauge, IDS, 4, own);
  const base: HitsByTask = answers.get('base') ?? new Map();
  const targets = await measureTargets({
    gauge,
    tasks: IDS,
    own,
    choose: createChooser(gauge, own),
    base,
    opening,
    pairs,
    triples,
    fours,
  });
  write(parseCard({ ...card, targets: [...targets, ...sizeTargets(card, files)] }, 'card.json'), files);
  console.log(`first view ${firstView(card).toLocaleString('en')} bytes plus the card`);
}

/** The card without measurements, and all files but the card. */
function draftCard(files: Files, dtype: Dtype, foundry: Typefoundry): Card {
  const model = (id: string, name: string) => ({ id, name, ...packValues(files, id, loadValues(FAMILY, id), dtype) });
  return {
    version: 1,
    family: FAMILY,
    name: 'Glyph ViT',
    summary: 'A small vision transformer that reads glyphs of real typefaces: one base, eight experts, eight tasks.',
    model: CONFIG,
    parameters: countWeights(vitParameters(CONFIG)),
    base: model('base', 'Base'),
    experts: TASKS.map(({ id, name }) => model(id, name)),
    heads: packValues(files, 'heads', loadValues(FAMILY, 'heads'), dtype),
    tasks: TASKS.map((task) =>
      packTask(files, task, loadSamples(FAMILY, `${task.id}-test`), loadSamples(FAMILY, `${task.id}-calibration`)),
    ),
    accuracy: {},
    opening: { experts: IDS.slice(0, 4), pair: ['digits', 'rotation'], points: [] },
    targets: [],
    training: describeTraining(foundry),
    typefaces: describeTypefaces(foundry),
  };
}

/** float16 unless it costs accuracy: own accuracy of base and experts before and after rounding. */
function chooseDtype(): Dtype {
  const heads = loadValues(FAMILY, 'heads');
  const rounded = (values: Values): Values =>
    new Map(
      [...values].map(([name, { shape, data }]) => [
        name,
        { shape, data: data.map((value) => fromFloat16(toFloat16(value))) },
      ]),
    );
  const mean = (change: (values: Values) => Values) => {
    const shares = TASKS.map(({ id }) => {
      const head = change(heads).get(`heads.${id}.weight`);
      if (!head) throw new Error(`${id}: has no head`);
      const weights = toTensors(change(loadValues(FAMILY, id)));
      const correct = countCorrect(
        weights,
        head,
        CONFIG,
        loadSamples(FAMILY, `${id}-calibration`),
        SPLIT_SIZE.calibration,
      );
      disposeTensors(weights);
      return correct / SPLIT_SIZE.calibration;
    });
    return shares.reduce((sum, share) => sum + share, 0) / shares.length;
  };
  const [exact, half] = [mean((values) => values), mean(rounded)];
  const dtype = exact - half <= FLOAT16_TOLERANCE ? 'F16' : 'F32';
  console.log(`experts on calibration: float32 ${exact.toFixed(4)}, float16 ${half.toFixed(4)}; stored as ${dtype}`);
  return dtype;
}

/** Test answers of base, experts and the uniform average on all tasks. */
async function answerAll(gauge: Gauge): Promise<Map<string, HitsByTask>> {
  const answers = new Map<string, HitsByTask>();
  for (const id of ['base', ...IDS])
    answers.set(id, await gauge.answer(await gauge.zoo.model(id), IDS, 'test', SPLIT_SIZE.test));
  answers.set('average', await gauge.answer(await gauge.merge('weight-average', IDS), IDS, 'test', SPLIT_SIZE.test));
  return answers;
}

/** Answers of every expert on its own task. */
async function ownAnswers(gauge: Gauge, split: 'test' | 'calibration'): Promise<HitsByTask> {
  const own = new Map<string, Uint8Array>();
  for (const id of IDS) {
    const hits = await gauge.answer(await gauge.zoo.model(id), [id], split, SPLIT_SIZE[split]);
    own.set(id, hits.get(id) ?? new Uint8Array(0));
  }
  return own;
}

function ownAccuracy(hits: HitsByTask): Map<string, number> {
  return new Map([...hits].map(([task, each]) => [task, accuracy(each)]));
}

/** Scores on the nested subsets, per task. */
function tiersOf(hits: HitsByTask): Card['accuracy'][string] {
  return Object.fromEntries([...hits].map(([task, each]) => [task, TEST_CUTS.map((count) => scoreOf(each, count))]));
}

function write(card: Card, files: Files): void {
  const folder = join(process.cwd(), 'public/zoo', card.family);
  mkdirSync(folder, { recursive: true });
  for (const old of readdirSync(folder)) if (old !== 'card.json' && !files.has(old)) rmSync(join(folder, old));
  for (const [file, bytes] of files) writeFileSync(join(folder, file), bytes);
  writeFileSync(join(folder, 'card.json'), `${JSON.stringify(card)}\n`);
}
