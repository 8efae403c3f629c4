/**
 * A merge as a Python program: weighted sums with safetensors and torch, tensor by tensor; every other merge by mergekit on its
 * configuration.
 */
import type { MergeJob } from './checkpoint/job.ts';
import type { Dictionary } from './mergekit/form.ts';
import { type SummedJob, sumsOf } from './weighted-sums.ts';

export interface Snippet {
  /** What the program runs. */
  readonly by: 'torch' | 'mergekit';
  readonly text: string;
}

export interface SnippetNames {
  /** Files of each model by its id: safetensors, shards in any order. */
  readonly files: ReadonlyMap<string, readonly string[]>;
  /** Of the merged model. */
  readonly out: string;
  /** The merge as mergekit's configuration, where there is one. */
  readonly config?: string;
}

/** @returns undefined where neither a weighted sum nor a configuration says the merge */
export function pythonSnippet(
  job: MergeJob,
  { files, out, config }: SnippetNames,
  dictionary: Dictionary,
): Snippet | undefined {
  const sums = sumsOf(job, dictionary);
  if (sums) return { by: 'torch', text: summing(sums, files, out, job.metadata) };
  return config === undefined ? undefined : { by: 'mergekit', text: running(config, out) };
}

/** Python's literals are JSON's, but for what these programs do not hold: true, false and null. */
const literal = (value: unknown): string => JSON.stringify(value);

const dictOf = (entries: readonly (readonly [string, string])[]): string =>
  entries.length === 0 ? '{}' : `{\n${entries.map(([key, value]) => `    ${literal(key)}: ${value},\n`).join('')}}`;

const TORCH = { F32: 'torch.float32', F16: 'torch.float16', BF16: 'torch.bfloat16' } as const;

function summing(
  { models, sums, tensors }: SummedJob,
  files: ReadonlyMap<string, readonly string[]>,
  out: string,
  metadata: MergeJob['metadata'],
): string {
  const used = models.map((id) => [id, literal(files.get(id) ?? [])] as const);
  const rows = tensors.map(({ name, sum, dtype }) => [name, `(${sum}, ${literal(dtype)})`] as const);
  return `"""A weighted sum of models, written tensor by tensor. Needs: pip install torch safetensors"""
import json
import struct
from contextlib import ExitStack

import torch
from safetensors import safe_open

FILES = ${dictOf(used)}
# Weight of each model, for the tensors below.
SUMS = [
${sums
  .map(
    (weights) =>
      `    {${Object.entries(weights)
        .map(([id, weight]) => `${literal(id)}: ${weight}`)
        .join(', ')}},\n`,
  )
  .join('')}]
# Name, which of the sums, and the data type that is written.
TENSORS = ${dictOf(rows)}
METADATA = ${literal(metadata)}
DTYPES = {"F32": ${TORCH.F32}, "F16": ${TORCH.F16}, "BF16": ${TORCH.BF16}}

with ExitStack() as stack:
    places = {}
    for model, paths in FILES.items():
        for path in paths:
            file = stack.enter_context(safe_open(path, framework="pt"))
            for name in file.keys():
                places[model, name] = file

    header, at = {"__metadata__": METADATA}, 0
    for name, (row, dtype) in TENSORS.items():
        shape = places[next(iter(SUMS[row])), name].get_slice(name).get_shape()
        size = torch.Size(shape).numel() * DTYPES[dtype].itemsize
        header[name] = {"dtype": dtype, "shape": shape, "data_offsets": [at, at + size]}
        at += size
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)

    with open(${literal(out)}, "wb") as output:
        output.write(struct.pack("<Q", len(text)) + text)
        for name, (row, dtype) in TENSORS.items():
            total = None
            for model, weight in SUMS[row].items():
                part = places[model, name].get_tensor(name).to(torch.float32) * weight
                total = part if total is None else total.add_(part)
            output.write(total.to(DTYPES[dtype]).contiguous().reshape(-1).view(torch.uint8).numpy().tobytes())
`;
}

function running(config: string, out: string): string {
  return `"""The merge by mergekit. Needs: pip install mergekit"""
import yaml
from mergekit.config import MergeConfiguration
from mergekit.merge import run_merge
from mergekit.options import MergeOptions

CONFIG = ${literal(config)}

run_merge(MergeConfiguration.model_validate(yaml.safe_load(CONFIG)), ${literal(out)}, MergeOptions(write_model_card=False))
`;
}
