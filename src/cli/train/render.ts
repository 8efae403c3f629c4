/** Stage 1: draws every sample that training and measuring need. */
import { openTypefoundry, type Typefoundry } from './faces.ts';
import { IMAGE_SIZE } from './glyphs.ts';
import { drawSamples } from './samples.ts';
import { BROAD, TASKS } from './tasks.ts';
import { saveSamples } from './workshop.ts';

export const COUNTS = { broad: 54_000, train: 8_192, calibration: 256, test: 512 } as const;

export function openFoundry(): Typefoundry {
  const characters = [...new Set([BROAD, ...TASKS].flatMap(({ characters }) => characters))];
  return openTypefoundry(characters, IMAGE_SIZE);
}

export function render(family: string, foundry: Typefoundry, seed: number): void {
  saveSamples(family, 'broad-train', drawSamples(foundry, BROAD, 'train', COUNTS.broad, seed));
  for (const task of TASKS) {
    for (const split of ['train', 'calibration', 'test'] as const) {
      saveSamples(family, `${task.id}-${split}`, drawSamples(foundry, task, split, COUNTS[split], seed));
    }
  }
}
