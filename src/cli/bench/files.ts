/** Merging checkpoints on disk: throughput beside a plain copy's, peak memory, the header table of a large model, and mergekit. */
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { besideMergekit } from './beside-mergekit.ts';
import { writeCheckpoints } from './checkpoints.ts';
import { type Answers, answersIn, checkAnswers } from './files-answers.ts';
import { filesPageGroups } from './files-page.ts';
import { filesRows } from './files-rows.ts';
import type { FilesRun } from './files-run.ts';
import { child, MODELS, mergeRun, pathsIn, ROUNDS } from './files-subjects.ts';
import { headerTable } from './files-table.ts';
import type { Group } from './report.ts';
import { spreadOf } from './spread.ts';
import type { Subject } from './subject.ts';

export interface FilesOptions {
  /** Of each of the four models. */
  readonly megabytes: number;
  /** Program of mergekit to compare with. */
  readonly mergekit: string | undefined;
  readonly where: 'node' | 'chromium' | 'both';
  /** Its page is the one in Chromium. */
  readonly zoo: Subject;
  readonly announce: (what: string) => void;
}

export async function filesGroups({ megabytes, mergekit, where, zoo, announce }: FilesOptions): Promise<Group[]> {
  const folder = await mkdtemp(join(tmpdir(), 'merge-studio-bench-'));
  try {
    announce('files: the answers');
    const answers = await answersIn(folder);
    announce(`files: making ${MODELS} checkpoints of ${megabytes} MB`);
    const files = pathsIn(folder, 'large');
    await writeCheckpoints(files, megabytes * 1e6);
    const groups: Group[] = [];
    if (where !== 'chromium') groups.push(...(await inNode(folder, files, answers, announce)));
    if (where !== 'node') groups.push(...(await filesPageGroups({ zoo, folder, files, answers, announce })));
    if (mergekit === undefined) return groups;
    announce('files: mergekit');
    return [...groups, await besideMergekit(mergekit, folder, files)];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function inNode(
  folder: string,
  files: readonly string[],
  answers: Answers,
  announce: (what: string) => void,
): Promise<Group[]> {
  await checkAnswers(answers, folder);
  const out = join(folder, 'out.safetensors');
  const { size } = await stat(files[0] ?? '');
  const runs = (run: FilesRun) => {
    const all = Array.from({ length: ROUNDS }, () => child(run));
    return {
      ms: spreadOf(all.map(({ ms }) => ms)),
      wholeMs: spreadOf(all.map(({ wholeMs }) => wholeMs)),
      peakBytes: Math.max(...all.map(({ peakBytes }) => peakBytes)),
    };
  };
  announce('files: a plain copy');
  const what = `plain copy: ${MODELS} files read, one written, 1 thread`;
  const rows = await filesRows(size, { what, ms: runs({ kind: 'copy', files, out }).ms }, async (subject, threads) => {
    announce(`files: ${subject.what} on ${threads} threads`);
    return runs(mergeRun(subject, files, out, threads));
  });
  return [
    {
      title: `Merging files of ${(size / 1e6).toFixed(0)} MB, float16, in Node: input and output bytes per second`,
      rows,
    },
    { title: 'The table of a sharded model of 70 billion parameters', rows: [await headerTable()] },
  ];
}
