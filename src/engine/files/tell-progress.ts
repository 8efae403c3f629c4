/** How far a merge of files is: bytes of the input that are surveyed, bytes that are written, and bytes that are read back. */
import type { MergeJob } from '../../formats/checkpoint/job.ts';
import { byteLength } from '../../formats/safetensors/write.ts';
import type { Lane } from './lane.ts';
import { inputBytes } from './load-span.ts';
import type { Checkpoints } from './place-values.ts';
import type { Group } from './plan-job.ts';
import { surveyPasses } from './survey-job.ts';

export interface JobProgress {
  readonly doneBytes: number;
  readonly totalBytes: number;
  /** Of the output, written. */
  readonly doneTensors: number;
  readonly totalTensors: number;
  /** In words: the pass, and the tensor. */
  readonly doing: string;
}

export interface Teller {
  surveyed(bytes: number, tensor: string): void;
  wrote(bytes: number, tensor: string): void;
  /** A tensor. */
  finished(): void;
  checked(bytes: number, file: string): void;
  /** Steps within the work on one group. */
  within(done: number, total: number, doing: string): void;
}

/** @param written tensors that an earlier session wrote */
export function createTeller(
  { tensors }: MergeJob,
  groups: readonly Group[],
  lanes: readonly (Lane | undefined)[],
  checkpoints: Checkpoints,
  written: number,
  { progress }: { progress(state: JobProgress): void },
): Teller {
  const sizes = tensors.map(({ shape, making }) => byteLength({ shape, dtype: making.dtype }));
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  const survey = sum(
    groups.map((group, i) => {
      const passes = lanes[i]?.surveys ?? surveyPasses(group);
      return passes === 0 ? 0 : passes * sum(group.tensors.map((tensor) => inputBytes(tensor, checkpoints)));
    }),
  );
  const totalBytes = survey + 2 * sum(sizes);
  let doneBytes = sum(sizes.slice(0, written));
  let doneTensors = written;
  const tell = (doing: string) =>
    progress({
      doneBytes: Math.min(doneBytes, totalBytes),
      totalBytes,
      doneTensors,
      totalTensors: tensors.length,
      doing,
    });
  return {
    surveyed(bytes, tensor) {
      doneBytes += bytes;
      tell(`surveying ${tensor}`);
    },
    wrote(bytes, tensor) {
      doneBytes += bytes;
      tell(`merging ${tensor}`);
    },
    finished() {
      doneTensors++;
    },
    checked(bytes, file) {
      doneBytes += bytes;
      tell(`checking ${file}`);
    },
    within: (_done, _total, doing) => tell(doing),
  };
}
