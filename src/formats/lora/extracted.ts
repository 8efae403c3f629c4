/** A change of weights as a low-rank adapter: what is lost at a rank, and the files that PEFT reads. */
import type { WeightDtype } from '../safetensors/dtype.ts';
import { writeSafetensors } from '../safetensors/file.ts';
import { fromFloat32, type StoredTensor } from '../safetensors/values.ts';

/** How the change ΔW of one tensor decomposes: enough to say what any rank would keep. */
export interface ChangeSpectrum {
  /** Of the tensor. */
  readonly name: string;
  /** Singular values of ΔW as a matrix, largest first; of large matrices only the strongest. */
  readonly values: ArrayLike<number>;
  /** ‖ΔW‖². */
  readonly energy: number;
}

/** ‖ΔW‖² that the best approximation of a rank leaves; no rank beyond the values that are known. */
export function energyLeft({ values, energy }: ChangeSpectrum, rank: number): number {
  let left = energy;
  for (let j = 0; j < Math.min(rank, values.length); j++) left -= (values[j] as number) ** 2;
  return Math.max(left, 0);
}

/** ‖ΔW − BA‖ / ‖ΔW‖ of all tensors together, those included that a LoRA cannot hold; 0 where nothing changed. */
export function errorAtRank(spectra: readonly ChangeSpectrum[], rank: number): number {
  const energy = spectra.reduce((total, each) => total + each.energy, 0);
  const left = spectra.reduce((total, each) => total + energyLeft(each, rank), 0);
  return energy === 0 ? 0 : Math.sqrt(left / energy);
}

/** The change of one module: ΔW = Σ_j up_j · down_jᵀ, with √σ_j in both. */
export interface ModuleFactors {
  readonly module: string;
  /** Of the weight: [out, in] or of a convolution [out, in, height, width]; [in, out] where it is turned. */
  readonly shape: readonly number[];
  readonly turned: boolean;
  readonly count: number;
  /** Row j is up_j, [count, out]. */
  readonly up: Float32Array;
  /** Row j is down_j, [count, in · height · width]. */
  readonly down: Float32Array;
}

export interface AdapterFiles {
  /** adapter_model.safetensors. */
  readonly weights: Uint8Array;
  /** adapter_config.json. */
  readonly config: string;
}

/**
 * @param rank of every module that has so many directions; the others get fewer, written down as a pattern
 * @param weightNames every `.weight` of the base, to tell whether a short name would mean other modules too
 */
export function adapterFiles(
  modules: readonly ModuleFactors[],
  weightNames: readonly string[],
  { rank, dtype, baseName }: { readonly rank: number; readonly dtype: WeightDtype; readonly baseName: string },
): AdapterFiles {
  const tensors = new Map<string, StoredTensor>();
  const fewer: Record<string, number> = {};
  for (const factors of modules) {
    const used = Math.min(rank, factors.count);
    if (used < rank) fewer[factors.module.replaceAll('.', '\\.')] = used;
    for (const [name, shape, values] of written(factors, used))
      tensors.set(name, { dtype, shape, bytes: fromFloat32(values, dtype) });
  }
  const config = {
    base_model_name_or_path: baseName,
    bias: 'none',
    fan_in_fan_out: modules.some(({ turned }) => turned),
    inference_mode: true,
    lora_alpha: rank,
    lora_dropout: 0,
    modules_to_save: null,
    peft_type: 'LORA',
    r: rank,
    // The scale α/r is 1 everywhere.
    rank_pattern: fewer,
    alpha_pattern: fewer,
    target_modules: targetModules(modules, weightNames),
    task_type: null,
    use_dora: false,
    use_rslora: false,
  };
  return { weights: writeSafetensors(tensors, { format: 'pt' }), config: `${JSON.stringify(config, null, 2)}\n` };
}

function written({ module, shape, turned, up, down }: ModuleFactors, rank: number) {
  const [first = 0, ...rest] = shape;
  const [out, input] = turned ? [rest[0] ?? 0, [first]] : [first, rest];
  const columns = Float32Array.from(
    { length: out * rank },
    (_, i) => up[(i % rank) * out + Math.floor(i / rank)] as number,
  );
  const size = input.reduce((product, side) => product * side, 1);
  const kernel = input.slice(1).map(() => 1);
  const at = `base_model.model.${module}`;
  return [
    [`${at}.lora_A.weight`, [rank, ...input], down.slice(0, rank * size)],
    [`${at}.lora_B.weight`, [out, rank, ...kernel], columns],
  ] as const;
}

/** Last parts of names where they mean these modules and no others, as people write them; else the whole names. */
function targetModules(modules: readonly ModuleFactors[], weightNames: readonly string[]): string[] {
  const names = new Set(modules.map(({ module }) => module));
  const last = (module: string) => module.slice(module.lastIndexOf('.') + 1);
  const short = new Set([...names].map(last));
  const meant = weightNames.map((name) => name.replace(/\.weight$/, '')).filter((module) => short.has(last(module)));
  return [...(meant.every((module) => names.has(module)) ? short : names)].sort();
}
