/** Everything that decides what glyph-vit becomes: one seed, one network, two training runs' settings. */
import type { VitConfig } from '../../models/vit.ts';
import { ADAMW } from './adamw.ts';
import type { FitOptions } from './fit.ts';
import { IMAGE_SIZE } from './glyphs.ts';
import type { Label } from './tasks.ts';

export const FAMILY = 'glyph-vit';
export const SEED = 20261122;

export const CONFIG: VitConfig = {
  architecture: 'vit',
  imageSize: IMAGE_SIZE,
  patchSize: 7,
  dim: 64,
  blocks: 3,
  heads: 2,
  hidden: 128,
  logitScale: 16,
};

export const PRETRAINING: FitOptions = {
  steps: 3000,
  batch: 64,
  learningRate: 6e-3,
  warmup: 100,
  labelSmoothing: 0,
  optimizer: ADAMW,
};

/** Reading characters is learned soon; turns and styles, of which the base knows nothing, take longer. */
export const FINE_TUNING_STEPS: Readonly<Record<Label, number>> = { character: 600, turn: 900, style: 900 };

export const FINE_TUNING: Omit<FitOptions, 'steps'> = {
  batch: 64,
  learningRate: 1e-3,
  warmup: 20,
  labelSmoothing: 0,
  optimizer: ADAMW,
};

/**
 * Labelled samples behind each class prototype: three where a class is one character, more where it is spread over all
 * letters, of which three would say nothing.
 */
export const SHOTS_PER_CLASS: Readonly<Record<Label, number>> = { character: 3, turn: 15, style: 15 };
