/** Draws labelled sets of samples: balanced over the classes at every prefix, each sample a function of its own stream. */
import { randomStream } from '../../core/random/counter.ts';
import type { Face, Typefoundry } from './faces.ts';
import { createPen, PIXELS } from './glyphs.ts';
import { scriptOf, type Task } from './tasks.ts';
import { type Split, STYLES } from './typefaces.ts';

export interface Samples {
  /** n · PIXELS grey levels. */
  readonly levels: Uint8Array;
  readonly labels: Uint16Array;
}

/**
 * Labels in rounds that hold every class once, each round shuffled: any prefix is balanced within one sample per class.
 */
function balancedLabels(count: number, classes: number, seed: number, stream: string): Uint16Array {
  const random = randomStream(seed, `${stream}/order`);
  const labels = new Uint16Array(count);
  for (let from = 0; from < count; from += classes) {
    const round = random.shuffle(Array.from({ length: classes }, (_, label) => label));
    labels.set(round.slice(0, count - from), from);
  }
  return labels;
}

export function drawSamples(foundry: Typefoundry, task: Task, split: Split, count: number, seed: number): Samples {
  const stream = `${task.id}/${split}`;
  const labels = balancedLabels(count, task.classes.length, seed, stream);
  const levels = new Uint8Array(count * PIXELS);
  const pen = createPen(foundry.context);
  const facesOf = faceTable(foundry, task, split);
  labels.forEach((label, index) => {
    const random = randomStream(seed, `${stream}/${index}`);
    const character = (
      task.label === 'character' ? task.characters[label] : task.characters[random.integer(task.characters.length)]
    ) as string;
    const faces = facesOf(character, label);
    const face = faces[random.integer(faces.length)];
    if (!face) throw new Error(`${task.id}: no typeface of the split "${split}" draws ${character}`);
    levels.set(pen.draw(face, character, task.label === 'turn' ? label : 0, random), index * PIXELS);
  });
  return { levels, labels };
}

/** The faces that may draw a character of a class. */
function faceTable(
  { faces }: Typefoundry,
  task: Task,
  split: Split,
): (character: string, label: number) => readonly Face[] {
  const known = new Map<string, readonly Face[]>();
  return (character, label) => {
    const script = scriptOf(character);
    const style = task.label === 'style' ? STYLES[label] : undefined;
    const key = `${script} ${style}`;
    let found = known.get(key);
    if (!found) {
      found = faces.filter(
        (face) => face.split === split && face.script === script && (style === undefined || face.style === style),
      );
      known.set(key, found);
    }
    return found;
  };
}
