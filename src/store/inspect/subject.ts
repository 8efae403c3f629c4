/** What is inspected, and who answers questions about it: the networks on the screen, or models in dropped files. */
import type {
  KeptMap,
  LoraChoice,
  LoraSpectra,
  PixelMap,
  Slice2D,
  TensorDifference,
  TensorPage,
  TensorSurvey,
} from '../../client/protocol.ts';
import type { Scores } from '../../formats/card.ts';

export type {
  Distribution,
  KeptMap,
  LoraChoice,
  MatrixSpectrum,
  PixelMap,
  Slice2D,
  TensorDifference,
  TensorPage,
  TensorStats,
  TensorSurvey,
} from '../../client/protocol.ts';

export interface SeenModel {
  readonly id: string;
  /** For people. */
  readonly name: string;
  readonly role: 'base' | 'expert' | 'merge';
  /** Picks colour and shape of an expert. */
  readonly index: number;
  /** Of a merge: the one on the screen, or a pinned one. */
  readonly pinned?: boolean;
}

export interface Survey {
  /** In the order of the tensors' scalar products. */
  readonly models: readonly SeenModel[];
  readonly tensors: readonly TensorSurvey[];
  /** What cannot be shown, a sentence each. */
  readonly remarks: readonly string[];
}

/** Questions that need samples: of zoo families only. */
export interface Behaviour {
  /** The tasks of the mix. */
  readonly tasks: readonly { readonly id: string; readonly name: string }[];
  /** Test images per task that may be asked for. */
  readonly samples: readonly number[];
  /** Linear CKA between all models, in the survey's order. */
  alignment(task: string, samples: number): Promise<readonly (readonly number[])[]>;
  slice(corners: readonly [string, string, string], others: readonly string[]): Promise<Slice2D | null>;
  /** Scores of all tasks of the network with these shares of the models. Waits while something more urgent is computed. */
  score(shares: Readonly<Record<string, number>>, samples: number, wanted: () => boolean): Promise<Scores | undefined>;
}

/** The change of a model from another, and the largest rank that will be chosen. */
export interface LoraChange {
  readonly model: string;
  readonly from: string;
  readonly most: number;
}

/** How far an answer is: 0…1, and at what. */
export type LoraTell = (share: number, doing: string) => void;

/** What a low-rank adapter keeps of a model's change. */
export interface LoraQuestions {
  /** Largest ranks that can be asked for; none where all directions are computed. */
  readonly ranks: readonly number[];
  /** Whether the change from any model can be asked for; else from the base alone. */
  readonly between: boolean;
  /** Whether it takes so long that somebody should ask for it. */
  readonly isLong: boolean;
  spectra(change: LoraChange, tell: LoraTell): Promise<LoraSpectra>;
  /** adapter_model.safetensors and adapter_config.json, zipped. */
  files(change: LoraChange, chosen: LoraChoice, tell: LoraTell): Promise<Blob>;
  /** Ends an answer that is on its way. */
  stop(): void;
  /** Of networks that can be run. */
  readonly run: LoraRun | null;
}

export interface LoraRun {
  /** Scores of all tasks of the base with the adapter. Waits while something more urgent is computed. */
  score(model: string, chosen: LoraChoice, samples: number, wanted: () => boolean): Promise<Scores | undefined>;
  /** The network itself as a safetensors file that names its recipe. */
  network(model: string): Promise<Uint8Array>;
}

export interface Subject {
  /** Changes when the answers do. */
  readonly key: string;
  /** What is looked at, in a line. */
  readonly title: string;
  survey(): Promise<Survey>;
  page(tensor: string): Promise<TensorPage>;
  kept(tensor: string, density: number): Promise<KeptMap | { readonly refused: string } | null>;
  difference(a: string, b: string): Promise<readonly TensorDifference[]>;
  differenceMap(tensor: string, a: string, b: string): Promise<PixelMap | undefined>;
  readonly behaviour: Behaviour | null;
  readonly lora: LoraQuestions | null;
}
