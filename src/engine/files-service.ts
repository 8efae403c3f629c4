/** What the files worker serves: the visitor's own models, whether they fit, and merges of them. No file leaves this worker whole. */

import type { Kinship } from '../formats/checkpoint/kinship-words.ts';
import { openBackend, type WasmPaths } from './backend.ts';
import { replyTo, StoppedError, StudioError } from './fault.ts';
import { blobSource } from './files/blob-source.ts';
import type { Checkpoint } from './files/checkpoint.ts';
import { kinshipOf } from './files/kinship.ts';
import { blobReader } from './files/lanes/blob-reader.ts';
import { alone, type Crew } from './files/lanes/crew.ts';
import { openKernels } from './files/lanes/kernels.ts';
import { lanesOf } from './files/lanes/lanes.ts';
import { crewOfPorts } from './files/lanes/port-lines.ts';
import { openCheckpoints } from './files/open.ts';
import { type ExportedText, type ExportKind, exportOf } from './files/own-exports.ts';
import { type Asked, type Checked, checkMix, jobOfMix, type Mix, mixOf, type Plan, planMix } from './files/own-mix.ts';
import { removeMerge, storedMerge, storedMerges } from './files/private-sink.ts';
import type { FileProblem } from './files/problems.ts';
import { areSame, filesOf, printsOf } from './files/same-files.ts';
import type { JobProgress } from './files/tell-progress.ts';
import { type MergeTarget, type Written, writeMerge } from './files/write-merge.ts';
import { createFilesInspection, type FilesSet } from './inspect/files-inspection.ts';
import { type ChangeRequest, createFilesLora } from './inspect/files-lora.ts';
import type { LoraChoice } from './inspect/lora-answers.ts';

/** A file as it was dropped; the browser copies only the right to read it. */
export interface DroppedFile {
  /** Below what was dropped, "/" between folders. */
  readonly path: string;
  readonly file: File;
}

/** A model that is open, as plain data. */
export interface OpenedModel {
  readonly outline: Checkpoint['outline'];
  readonly files: readonly FileMark[];
}

/** What a file is known by after a reload. */
export interface FileMark {
  readonly path: string;
  readonly size: number;
  /** See print.ts; null until somebody asks for it. */
  readonly print: string | null;
}

/** Messages wait so long at most; letting them in more often would cost more than the work between. */
const BREATH_MS = 20;

const TELL_MS = 100;

export interface MergeRequest {
  /** The same name and mix as a merge that was interrupted goes on with it. */
  readonly target: MergeTarget;
  readonly wasmPaths: WasmPaths;
}

/** Work that lets messages in, can wait, and can be stopped. */
class Gate {
  private stopped = false;
  private waiting: Promise<void> | undefined;
  private open: () => void = () => {};
  private breathed = 0;

  pause(): void {
    this.waiting ??= new Promise((resolve) => {
      this.open = resolve;
    });
  }

  resume(): void {
    this.open();
    this.waiting = undefined;
  }

  stop(): void {
    this.stopped = true;
    this.resume();
  }

  /** @param onWait told when the work waits */
  async breathe(onWait: () => void): Promise<void> {
    if (performance.now() - this.breathed > BREATH_MS) {
      await new Promise<void>((resolve) => setTimeout(resolve));
      this.breathed = performance.now();
    }
    if (this.waiting && !this.stopped) {
      onWait();
      await this.waiting;
    }
    if (this.stopped) throw new StoppedError();
  }
}

export function createFilesService() {
  const open = new Map<string, Checkpoint>();
  let kin = new Gate();
  let merging: Gate | undefined;
  let backend: Promise<unknown> | undefined;
  let crew: Promise<Crew> | undefined;
  const laneFor = async () => {
    crew ??= openKernels().then((kernels) => alone(kernels, blobReader()));
    return lanesOf(await crew);
  };

  const mix = (asked: Asked): Promise<Mix> => mixOf(asked, open);

  const isOpen = async (checkpoint: Checkpoint): Promise<boolean> => {
    for (const other of open.values()) if (await areSame(checkpoint, other)) return true;
    return false;
  };

  const looks = new Map<'survey' | 'difference' | 'lora', Gate>();
  const loadSet = async (set: FilesSet) => {
    const { checkpoints } = await mixOf({ ...NOTHING_ASKED, ...set }, open);
    return [...checkpoints.values(), ...(set.merge === null ? [] : [await mergeCalled(set.merge)])];
  };
  const inspection = createFilesInspection(loadSet);
  const lora = createFilesLora(loadSet);
  /** A new question ends the one of its kind before it. */
  const looking = <Told extends readonly unknown[]>(
    kind: 'survey' | 'difference' | 'lora',
    progress: (...told: Told) => void,
  ) => {
    const gate = new Gate();
    looks.get(kind)?.stop();
    looks.set(kind, gate);
    return { progress, breathe: () => gate.breathe(() => {}) };
  };

  return {
    /** Workers that help with merges; without them this one does everything. */
    staff(ports: readonly MessagePort[]) {
      crew = crewOfPorts(ports);
    },

    /** Reads headers. Files that are open already are told, and not opened twice. */
    open: (files: readonly DroppedFile[]) =>
      replyTo(async () => {
        const sources = files.map(({ path, file }) => blobSource(path, file));
        const opened = await openCheckpoints(sources, open.keys());
        const models: OpenedModel[] = [];
        const problems: FileProblem[] = [...opened.problems];
        for (const checkpoint of opened.checkpoints) {
          const { outline } = checkpoint;
          const own = filesOf(checkpoint).map(({ path, size }): FileMark => ({ path, size, print: null }));
          if (await isOpen(checkpoint)) {
            const path = own[0]?.path ?? outline.name;
            problems.push({ path, kind: 'note', message: `${path}: is open already`, todo: 'It is used once.' });
            continue;
          }
          open.set(outline.id, checkpoint);
          models.push({ outline, files: own });
        }
        return { models, problems };
      }),

    /** Of the files of these models, in their order: reading them takes longer than all headers. */
    prints: (ids: readonly string[]) =>
      replyTo(() =>
        Promise.all(
          ids.map((id) => {
            const checkpoint = open.get(id);
            return checkpoint ? printsOf(checkpoint) : [];
          }),
        ),
      ),

    forget: (id: string) =>
      replyTo(() => {
        open.delete(id);
      }),

    /** From headers alone: the table, the methods that can be chosen, and what the merge would take. */
    check: (asked: Asked) => replyTo(async (): Promise<Checked> => checkMix(await mix(asked))),

    plan: (asked: Asked) => replyTo(async (): Promise<Plan> => planMix(await mix(asked), await laneFor())),

    /** Reads weights: whether the experts share the base. */
    kinship: (asked: Asked, mode: 'sampled' | 'exact', progress: (done: number, total: number) => void) =>
      replyTo(async (): Promise<Kinship> => {
        kin.stop();
        kin = new Gate();
        const gate = kin;
        const { fit, checkpoints } = await mix(asked);
        const base = fit.base === null ? undefined : checkpoints.get(fit.base);
        if (!base) throw new StudioError('files', 'There is no base to compare with.', 'Choose a model as the base.');
        const experts = fit.experts.flatMap((id) => checkpoints.get(id) ?? []);
        const rows = fit.rows.flatMap(({ name, cells, fate }) => {
          const names = cells.slice(1).flatMap(({ tensor, fits }) => (tensor !== null && fits ? [tensor] : []));
          return fate.kind === 'merge' && names.length === experts.length ? [{ name, experts: names }] : [];
        });
        return kinshipOf(base, experts, { mode, rows, progress, breathe: () => gate.breathe(() => {}) });
      }),

    /** @param onWait told when the merge waits after `pause` */
    merge: (
      asked: Asked,
      { target, wasmPaths }: MergeRequest,
      progress: (state: JobProgress) => void,
      onWait: () => void,
    ) =>
      replyTo(async (): Promise<Written> => {
        if (merging) throw new StudioError('recipe', 'A merge is under way.', 'Cancel it first, or wait for its end.');
        const gate = new Gate();
        merging = gate;
        try {
          // The same arithmetic as on the command line, so that both write the same bytes.
          backend ??= openBackend({ wasmPaths, among: ['wasm', 'cpu'] });
          await backend;
          return await writeMerge(await jobOfMix(await mix(asked)), target, {
            laneFor: await laneFor(),
            progress: seldom(progress),
            breathe: () => gate.breathe(onWait),
          });
        } finally {
          merging = undefined;
        }
      }),

    survey: (set: FilesSet, progress: (done: number, total: number) => void) =>
      replyTo(() => inspection.survey(set, looking('survey', progress))),
    page: (set: FilesSet, name: string) => replyTo(() => inspection.page(set, name)),
    kept: (set: FilesSet, name: string, density: number) => replyTo(() => inspection.kept(set, name, density)),
    difference: (set: FilesSet, a: string, b: string) =>
      replyTo(() =>
        inspection.difference(
          set,
          a,
          b,
          looking('difference', () => {}),
        ),
      ),
    differenceMap: (set: FilesSet, name: string, a: string, b: string) =>
      replyTo(() => inspection.differenceMap(set, name, a, b)),
    /** A change as a low-rank adapter: what every rank keeps. */
    lora: (request: ChangeRequest, progress: LoraProgress) =>
      replyTo(() => lora.spectra(request, looking('lora', seldom(progress)))),
    /** adapter_model.safetensors and adapter_config.json, zipped. */
    loraFile: (request: ChangeRequest, chosen: LoraChoice, progress: LoraProgress) =>
      replyTo(() => lora.file(request, chosen, looking('lora', seldom(progress)))),
    stopLora: () => looks.get('lora')?.stop(),
    stopLooking() {
      for (const gate of looks.values()) gate.stop();
    },

    pause: () => merging?.pause(),
    resume: () => merging?.resume(),
    stop: () => {
      merging?.stop();
      kin.stop();
    },

    export: (kind: ExportKind, asked: Asked, written: Written | null) =>
      replyTo(async (): Promise<ExportedText> => {
        const paths = new Map([...open].map(([id, one]) => [id, filesOf(one).map(({ path }) => path)]));
        return exportOf(kind, await jobOfMix(await mix(asked)), { paths, written });
      }),

    remove: (name: string) => replyTo(() => removeMerge(name)),
    stored: () => replyTo(storedMerges),
  };
}

/** Models alone, for whoever only looks at them. */
const NOTHING_ASKED = {
  choices: {},
  chain: [],
  seed: 0,
  dtype: 'as-base',
  network: null,
  configuration: null,
  metadata: {},
} as const;

/** A finished merge in the browser's storage as a model, called by its name. */
async function mergeCalled(name: string): Promise<Checkpoint> {
  const { checkpoints, problems } = await openCheckpoints([blobSource(name, await storedMerge(name))]);
  const [merged] = checkpoints;
  if (!merged) throw new StudioError('files', problems[0]?.message ?? `${name} holds no model.`, 'Merge again.');
  return { ...merged, outline: { ...merged.outline, id: name } };
}

type LoraProgress = (done: number, total: number, doing: string) => void;

/** Not every step is worth a message. */
function seldom<Told extends readonly unknown[]>(tell: (...told: Told) => void): (...told: Told) => void {
  let told = 0;
  return (...state) => {
    const now = performance.now();
    if (now - told < TELL_MS) return;
    told = now;
    tell(...state);
  };
}

export type FilesService = ReturnType<typeof createFilesService>;
