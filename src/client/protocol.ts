/** What crosses the border between the page and its workers. Types only. */
export type { BackendName, BackendReport } from '../engine/backend.ts';
export type { EvaluateService } from '../engine/evaluate-service.ts';
export type { Slice } from '../engine/evaluator.ts';
export type { Failure, FailureCode, Reply } from '../engine/fault.ts';
export type { ExportedText, ExportKind } from '../engine/files/own-exports.ts';
export type { Asked, Checked, OutputDtype, Plan } from '../engine/files/own-mix.ts';
export type { StoredMerge } from '../engine/files/private-sink.ts';
export type { FileProblem } from '../engine/files/problems.ts';
export type { JobProgress as MergeProgress } from '../engine/files/tell-progress.ts';
export type { MergeTarget, Written } from '../engine/files/write-merge.ts';
export type { DroppedFile, FileMark, FilesService, OpenedModel } from '../engine/files-service.ts';
export type { TensorDifference } from '../engine/inspect/difference.ts';
export type { FilesSet } from '../engine/inspect/files-inspection.ts';
export type { ChangeRequest } from '../engine/inspect/files-lora.ts';
export type { Slice2D } from '../engine/inspect/landscape.ts';
export type { InspectService, LiveSurvey, LoraScoreRequest, ScoreRequest } from '../engine/inspect/live-inspect.ts';
export type { LiveSet } from '../engine/inspect/live-models.ts';
export type { LoraChoice, LoraSpectra } from '../engine/inspect/lora-answers.ts';
export type { PixelMap } from '../engine/inspect/pixel-map.ts';
export type { KeptMap } from '../engine/inspect/signs.ts';
export type { TensorStats, TensorSurvey } from '../engine/inspect/survey.ts';
export type { Distribution, MatrixSpectrum, TensorPage } from '../engine/inspect/tensor-page.ts';
export type { MergeService, OpenRequest } from '../engine/merge-service.ts';
export type { DrawnNode } from '../engine/nested-drawing.ts';
export type { NestedRequest, NestedStatus } from '../engine/nested-service.ts';
export type { PackSize } from '../engine/networks.ts';
export type { Choice, Found, OnScore, OwnResult, OwnService, Report } from '../engine/own/own-service.ts';
export type { OwnFile } from '../engine/own/read-data.ts';
export type { PlanFrom, PlanReply, PlanRequest, Sampled } from '../engine/planner.ts';
export type {
  Exploration,
  ExploreRequest,
  GenerationStep,
  NextRequest,
  PredictedPoint,
  SearchService,
} from '../engine/search-service.ts';
export type { Kinship } from '../formats/checkpoint/kinship-words.ts';
