/** Makes the merge: begins, pauses, cancels, goes on after a reload, and hands the file over. */
import { del, get, set } from 'idb-keyval';
import type { Asked, MergeProgress, MergeTarget } from '../../client/protocol.ts';
import { failureOf } from '../../client/worker-client.ts';
import { sha256Hex } from '../../core/hash.ts';
import { askedOf } from './asked.ts';
import { filesEngine } from './engine.ts';
import { printedFiles, printedState, readPrints } from './prints.ts';
import { restored } from './restore.ts';
import type { FilesState, Unfinished, Work } from './state.ts';
import { useFiles } from './store.ts';

const KEY = 'files-unfinished';
/** How often it is noted how far a merge is; the worker's journal decides where it goes on. */
const NOTE_MS = 1000;
const HASH_DIGITS = 6;
/** A rate is told after so much work. */
const RATE_MS = 500;

/** The same mix gets the same name, so that its merge goes on where it was; another mix never overwrites it. */
function outputName(asked: Asked): string {
  const methods = asked.configuration === null ? asked.chain.map(({ method }) => method) : ['mergekit'];
  return `merge-${methods.join('-')}-${sha256Hex(JSON.stringify(asked)).slice(0, HASH_DIGITS)}.safetensors`;
}

/** @param handle a file on the disk, in place of the browser's storage */
export async function startMerge(handle?: FileSystemFileHandle): Promise<void> {
  const state = useFiles.getState();
  const asked = askedOf(state);
  const target: MergeTarget = handle ? { kind: 'chosen', handle } : { kind: 'private', name: outputName(asked) };
  const { unfinished } = state;
  if (target.kind === 'private') {
    // One is kept: another one that was begun makes room.
    if (unfinished && unfinished.name !== target.name) await discardUnfinished();
    noting = noteBegun(target.name, asked);
  }
  await run(asked, target);
}

/** What the merge that was begun last needs to be taken up again is noted while it goes on. */
let noting: Promise<void> = Promise.resolve();

async function noteBegun(name: string, asked: Asked): Promise<void> {
  // A file that cannot be read cannot be merged either, and the merge says so.
  const state = await printedState().catch(() => undefined);
  if (state) await note({ name, asked, needs: needsOf(state, asked), share: 0 });
}

/** Goes on with the merge that was interrupted, when all its files are open. */
export async function resumeUnfinished(): Promise<void> {
  const { unfinished } = useFiles.getState();
  const state = unfinished && restored(unfinished, useFiles.getState());
  if (!unfinished || !state) return;
  useFiles.setState(state);
  await run(unfinished.asked, { kind: 'private', name: unfinished.name });
}

/** The merge that is under way, until it is written, failed or stopped. */
let running: Promise<void> = Promise.resolve();

function run(asked: Asked, target: MergeTarget): Promise<void> {
  running = runNow(asked, target);
  return running;
}

async function runNow(asked: Asked, target: MergeTarget): Promise<void> {
  const clock = rateClock();
  let noted = 0;
  const begin: MergeProgress = { doneBytes: 0, totalBytes: 1, doneTensors: 0, totalTensors: 0, doing: 'Opening' };
  useFiles.setState({ work: { phase: 'merging', asked, progress: begin, secondsLeft: null } });
  const onProgress = (progress: MergeProgress) => {
    const { work, unfinished } = useFiles.getState();
    if (!isUnderWay(work)) return;
    useFiles.setState({ work: { ...work, progress, secondsLeft: clock(progress) } });
    const now = performance.now();
    if (target.kind !== 'private' || !unfinished || now - noted < NOTE_MS) return;
    noted = now;
    void note({ ...unfinished, share: shareOf(progress) });
  };
  const onWait = () => {
    const { work } = useFiles.getState();
    if (work.phase === 'pausing') useFiles.setState({ work: { ...work, phase: 'paused' } });
  };
  try {
    const written = await filesEngine().merge(asked, target, onProgress, onWait);
    useFiles.setState({ work: { phase: 'written', asked, written } });
    await noting;
    if (target.kind === 'private') await note(null);
  } catch (error) {
    const failure = failureOf(error);
    await noting;
    const { work, unfinished } = useFiles.getState();
    if (unfinished && isUnderWay(work)) await note({ ...unfinished, share: shareOf(work.progress) });
    useFiles.setState({ work: failure.code === 'stopped' ? { phase: 'idle' } : { phase: 'failed', failure } });
  }
  await countStored();
}

const isUnderWay = (work: Work): work is Extract<Work, { readonly progress: MergeProgress }> =>
  work.phase === 'merging' || work.phase === 'pausing' || work.phase === 'paused';

const shareOf = ({ doneBytes, totalBytes }: MergeProgress) => doneBytes / Math.max(1, totalBytes);

/** Seconds that are left at the rate since the pass began. */
function rateClock(): (progress: MergeProgress) => number | null {
  let from = { at: performance.now(), bytes: 0 };
  return ({ doneBytes, totalBytes }) => {
    const at = performance.now();
    if (doneBytes < from.bytes || from.bytes === 0) from = { at, bytes: doneBytes };
    const done = doneBytes - from.bytes;
    return done > 0 && at - from.at > RATE_MS ? ((totalBytes - doneBytes) / done) * ((at - from.at) / 1000) : null;
  };
}

// ---------------------------------------------------------------- while it goes on

export function pauseMerge(): void {
  const { work } = useFiles.getState();
  if (work.phase !== 'merging') return;
  useFiles.setState({ work: { ...work, phase: 'pausing' } });
  filesEngine().pause();
}

export function goOn(): void {
  const { work } = useFiles.getState();
  if (work.phase !== 'paused' && work.phase !== 'pausing') return;
  useFiles.setState({ work: { ...work, phase: 'merging' } });
  filesEngine().resume();
}

/** What was written stays, so that the merge can be taken up again. */
export function cancelMerge(): void {
  filesEngine().stop();
}

/** Whether something else is set on the screen than what is being merged. */
export function isOtherMerge(state: FilesState): boolean {
  return isUnderWay(state.work) && JSON.stringify(askedOf(state)) !== JSON.stringify(state.work.asked);
}

/** One merge is made at a time: the one that waits is given up for what is set now. */
export async function mergeInstead(): Promise<void> {
  cancelMerge();
  await running;
  await startMerge();
}

// ---------------------------------------------------------------- what it leaves

const needsOf = ({ models }: FilesState, { base, experts }: Asked): Unfinished['needs'] =>
  Object.fromEntries(
    models
      .filter(({ outline }) => outline.id === base || experts.includes(outline.id))
      .map(({ outline, files }) => [outline.id, printedFiles(files)]),
  );

async function note(unfinished: Unfinished | null): Promise<void> {
  useFiles.setState({ unfinished });
  // A private window may have no database: then a reload forgets the merge, and nothing else is lost.
  await (unfinished ? set(KEY, unfinished) : del(KEY)).catch(() => {});
}

/** Puts the merge that was interrupted by a reload back on the screen. */
export async function recallUnfinished(): Promise<void> {
  const unfinished = await get<Unfinished>(KEY).catch(() => undefined);
  if (unfinished && useFiles.getState().unfinished === null) {
    useFiles.setState({ unfinished });
    void readPrints();
  }
  await countStored();
}

export async function discardUnfinished(): Promise<void> {
  const { unfinished } = useFiles.getState();
  if (!unfinished) return;
  await filesEngine().remove(unfinished.name);
  await note(null);
  await countStored();
}

/** Takes a finished merge out of the browser's storage. */
export async function removeWritten(): Promise<void> {
  const { work } = useFiles.getState();
  if (work.phase !== 'written') return;
  useFiles.setState({ work: { phase: 'idle' } });
  await removeStored(work.written.name);
}

/** Takes any merge out of it. */
export async function removeStored(name: string): Promise<void> {
  await filesEngine().remove(name);
  await countStored();
}

export const messageRead = (): void => useFiles.setState({ work: { phase: 'idle' } });

async function countStored(): Promise<void> {
  const stored = await filesEngine()
    .stored()
    .catch(() => []);
  useFiles.setState({ stored });
}

/** The merged file in the browser's storage, to be saved: it is copied by the browser, never through memory. */
export async function writtenFile(name: string): Promise<File> {
  const root = await navigator.storage.getDirectory();
  const folder = await root.getDirectoryHandle('merges');
  return (await folder.getFileHandle(name)).getFile();
}
