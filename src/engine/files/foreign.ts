/** Files of weights that are not safetensors: why they are not read, and how they become ones that are. */
import type { ByteSource } from '../../formats/byte-source.ts';
import { fileName } from './folders.ts';
import type { FileProblem } from './problems.ts';

interface Foreign {
  readonly pattern: RegExp;
  /** What such a file is. */
  readonly what: string;
  readonly todo: (name: string) => string;
  /** Lies beside safetensors of the same model in published folders: then nothing is said about it. */
  readonly companion?: RegExp;
}

const quoted = (name: string): string => JSON.stringify(name);

const FOREIGN: readonly Foreign[] = [
  {
    pattern: /\.(?:bin|pt|pth|ckpt|pkl|pickle)$/i,
    what: 'is a Python pickle, which can run code when it is opened, so it is not read here',
    todo: (name) =>
      `Convert it: python -c 'import torch; from safetensors.torch import save_file; d = torch.load(${quoted(name)}, map_location="cpu", weights_only=True); d = d.get("state_dict", d); save_file({k: v.clone().contiguous() for k, v in d.items() if hasattr(v, "shape")}, ${quoted(`${name.replace(/\.\w+$/, '')}.safetensors`)})'`,
    companion:
      /^(?:pytorch_model.*|adapter_model|training_args|optimizer|scheduler|rng_state.*|scaler|consolidated.*)\.\w+$/i,
  },
  {
    pattern: /\.gguf$/i,
    what: 'is a GGUF file, whose weights are quantised in blocks and cannot be merged without loss',
    todo: () => 'Drop the model that it was made of (.safetensors), and convert the merge to GGUF afterwards.',
  },
  {
    pattern: /\.(?:h5|msgpack|tflite|onnx|npz|pb)$/i,
    what: 'holds weights of another framework',
    todo: (name) =>
      `Load ${name} in its framework and save its tensors with the safetensors library of Python (safetensors.numpy.save_file).`,
    companion: /^(?:tf_model|flax_model|model|rust_model).*$/i,
  },
];

/** @param beside whether its folder holds a model that was opened */
export function foreignProblem(source: ByteSource, beside: boolean): FileProblem | undefined {
  const name = fileName(source);
  const kind = FOREIGN.find(({ pattern }) => pattern.test(name));
  if (!kind || (beside && kind.companion?.test(name))) return undefined;
  return { path: source.path, kind: 'refused', message: `${source.path}: ${kind.what}`, todo: kind.todo(name) };
}
