/** What the card tells of how the family was made. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Card } from '../../formats/card.ts';
import { countWeights } from '../../models/parameter.ts';
import { vitParameters } from '../../models/vit-parameters.ts';
import type { Typefoundry } from './faces.ts';
import { VARIATION } from './glyphs.ts';
import { CONFIG, FAMILY, FINE_TUNING, FINE_TUNING_STEPS, PRETRAINING, SEED, SHOTS_PER_CLASS } from './recipe.ts';
import { COUNTS } from './render.ts';
import { BROAD, TASKS } from './tasks.ts';
import { TYPEFACES } from './typefaces.ts';
import { loadRecord } from './workshop.ts';

function versionOf(name: string): string {
  return (
    JSON.parse(readFileSync(join(process.cwd(), 'node_modules', name, 'package.json'), 'utf8')) as { version: string }
  ).version;
}

export function describeTraining({ versions }: Typefoundry): Card['training'] {
  return {
    seed: SEED,
    versions: {
      node: process.version,
      '@tensorflow/tfjs-core': versionOf('@tensorflow/tfjs-core'),
      backend: 'wasm',
      ...versions,
    },
    parameters: countWeights(vitParameters(CONFIG)),
    pretraining: { ...PRETRAINING, images: COUNTS.broad, classes: BROAD.classes.length, head: 'linear, thrown away' },
    heads: {
      kind: 'cosine classifiers, frozen: class prototypes of the frozen base',
      shotsPerClass: SHOTS_PER_CLASS,
    },
    fineTuning: { ...FINE_TUNING, steps: FINE_TUNING_STEPS, imagesPerTask: COUNTS.train },
    data: {
      image:
        '28 × 28 grey, 16 levels, drawn from real typefaces with random rotation, shear, scale, shift, contrast and noise',
      variation: VARIATION,
      splits:
        'by superfamily: test typefaces are in no other split, and calibration samples are drawn from a third set of typefaces, seen neither in training nor in the test split',
      samples: { test: COUNTS.test, calibration: COUNTS.calibration },
      order: 'rounds of one sample per class, shuffled: every prefix is balanced',
    },
    choices: 'opening experts, pair and all settings were chosen on the calibration split; test samples only report',
    runs: Object.fromEntries(['base', ...TASKS.map(({ id }) => id)].map((id) => [id, loadRecord(FAMILY, id)])),
  };
}

export function describeTypefaces({ packages }: Typefoundry): Card['typefaces'] {
  return TYPEFACES.map(({ id, superfamily, split }) => {
    const found = packages.get(id);
    if (!found) throw new Error(`${id}: its package was not opened`);
    return {
      name: `${id} (${superfamily})`,
      package: found.name,
      version: found.version,
      licence: found.licence,
      split,
    };
  });
}
