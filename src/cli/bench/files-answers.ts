/** Merges of small files against the methods' own code: a fast wrong answer is not worth a clock. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readSafetensors } from '../../formats/safetensors/file.ts';
import { toFloat32 } from '../../formats/safetensors/values.ts';
import { expectNear } from './check.ts';
import { writeCheckpoints } from './checkpoints.ts';
import { ALL_SUBJECTS, child, mergeRun, pathsIn, type Subject, THREADS } from './files-subjects.ts';

/** Large enough for several runs of a tensor, small enough to be merged by the methods' own code. */
const CHECKED_BYTES = 30e6;
const CHECKED_VOCABULARY = 1200;
/** A step of float16 next to 0.1; sums in another order may fall on either side of a middle. */
const HALF_STEP = 2 ** -14;

/** Files to check merges on, and what is to come out. */
export interface Answers {
  readonly files: readonly string[];
  /** @throws Error where the file holds anything else than this merge of them */
  expect(subject: Subject, what: string, got: string): Promise<void>;
}

export async function answersIn(folder: string): Promise<Answers> {
  const files = pathsIn(folder, 'small');
  const wanted = ({ mergekit }: Subject) => join(folder, `wanted-${mergekit}.safetensors`);
  await writeCheckpoints(files, CHECKED_BYTES, CHECKED_VOCABULARY);
  for (const subject of ALL_SUBJECTS) child(mergeRun(subject, files, wanted(subject), 1, false));
  return { files, expect: (subject, what, got) => expectSame(what, got, wanted(subject)) };
}

/** In Node, on one and on two threads. */
export async function checkAnswers(answers: Answers, folder: string): Promise<void> {
  const got = join(folder, 'got.safetensors');
  for (const subject of ALL_SUBJECTS)
    for (const threads of THREADS) {
      child(mergeRun(subject, answers.files, got, threads));
      await answers.expect(subject, `${subject.what} on ${threads} threads`, got);
    }
}

async function expectSame(what: string, got: string, wanted: string): Promise<void> {
  const [mine, theirs] = await Promise.all(
    [got, wanted].map(async (path) => readSafetensors(new Uint8Array(await readFile(path)), path).tensors),
  );
  for (const [name, tensor] of theirs ?? []) {
    const own = mine?.get(name);
    expectNear(`${what}: ${name}`, own ? toFloat32(own) : [], toFloat32(tensor), HALF_STEP);
  }
}
