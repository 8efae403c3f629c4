/** A low-rank adapter on the model that it was trained for: what PEFT's merge_and_unload would give, computed where it is read. */
import type { TensorOutline } from '../../formats/checkpoint/outline.ts';
import {
  type AdapterConfig,
  AdapterError,
  alphaOf,
  checkAdapterConfig,
  checkPackedConfigs,
} from '../../formats/lora/adapter-config.ts';
import { type LowRankMatch, matchAdapter } from '../../formats/lora/match.ts';
import { StudioError } from '../fault.ts';
import type { AdaptedPart, Checkpoint, StoredPart, TensorPart } from './checkpoint.ts';
import { readValues } from './read-part.ts';

/** How many of the tensors that belong nowhere a message names. */
const NAMED = 5;

/**
 * The adapted model, as a model of its own with the adapter's id and name. Nothing is read but the adapter's scales (`.alpha`).
 * @throws StudioError listing what does not fit the base, or naming what the adapter's configuration asks for in vain
 */
export async function adaptTo(adapter: Checkpoint, base: Checkpoint): Promise<Checkpoint> {
  const configOf = configsOf(adapter);
  const config = configOf('');
  const { changes, replaced, problems } = matchAdapter(adapter.outline.tensors, base.outline.tensors, {
    fanInFanOut: config?.fanInFanOut ?? false,
    dora: config?.dora ?? false,
    modulesToSave: config?.modulesToSave ?? [],
  });
  if (problems.length > 0) throw misfit(adapter, base, problems);
  const parts = new Map<string, TensorPart>(base.parts);
  for (const [name, target] of replaced) parts.set(target, storedIn(adapter, name));
  const scales = await Promise.all(changes.map((change) => scaleOf(adapter, change, configOf(change.down))));
  for (const [index, change] of changes.entries()) {
    const on = parts.get(change.target);
    if (on?.kind !== 'stored')
      throw new StudioError(
        'files',
        `${base.outline.name}: has an adapter already; ${adapter.outline.name} needs the bare base`,
      );
    const scale = scales[index] ?? Number.NaN;
    parts.set(change.target, adaptedPart(adapter, change, on, scale));
    const bias = change.bias && parts.get(change.bias.target);
    if (bias?.kind === 'stored' && change.bias)
      parts.set(change.bias.target, shiftedPart(storedIn(adapter, change.bias.from), bias, scale));
  }
  const { id, name, metadata, bytes } = adapter.outline;
  const tensors = Array.from(parts, ([tensor, part]) => outlineOf(tensor, part));
  const { config: baseConfig } = base.outline;
  return {
    outline: {
      id,
      name,
      kind: 'weights',
      tensors,
      metadata,
      config: baseConfig,
      bytes: base.outline.bytes + bytes,
      // An adapter changes rows of the base's vocabulary, and has no other.
      ...(base.outline.vocabulary && { vocabulary: base.outline.vocabulary }),
    },
    parts,
    ...(base.readTokenizer && { readTokenizer: base.readTokenizer }),
  };
}

function adaptedPart(
  adapter: Checkpoint,
  { down, up, times, magnitude, turned }: LowRankMatch,
  on: StoredPart,
  scale: number,
): AdaptedPart {
  const stored = (name: string) => storedIn(adapter, name);
  return {
    kind: 'adapted',
    dtype: 'F32',
    shape: on.shape,
    on,
    down: stored(down),
    up: stored(up),
    times: times ? { down: stored(times.down), up: stored(times.up) } : null,
    magnitude: magnitude === undefined ? null : stored(magnitude),
    scale,
    turned,
  };
}

/** A one, [1, 1]: what a vector is multiplied with to be a product. */
const ONE: StoredPart = {
  kind: 'stored',
  dtype: 'F32',
  shape: [1, 1],
  source: { path: 'one', size: 4, read: async () => new Uint8Array(new Float32Array([1]).buffer) },
  begin: 0,
  end: 4,
};

/** A bias to which scale · b is added. */
const shiftedPart = (b: StoredPart, on: StoredPart, scale: number): AdaptedPart => ({
  kind: 'adapted',
  dtype: 'F32',
  shape: on.shape,
  on,
  down: ONE,
  up: b,
  times: null,
  magnitude: null,
  scale,
  turned: false,
});

/** An adapted tensor is computed in float32, but the model is the base's kind of file. */
const outlineOf = (name: string, part: TensorPart): TensorOutline => ({
  name,
  shape: part.shape,
  dtype: part.kind === 'adapted' ? part.on.dtype : part.dtype,
});

function storedIn(adapter: Checkpoint, name: string): StoredPart {
  const part = adapter.parts.get(name);
  if (part?.kind !== 'stored') throw new Error(`adapter: ${name} is not stored in ${adapter.outline.name}`);
  return part;
}

/** Key of the file's metadata where diffusers keeps the configurations of its components. */
const PACKED = 'lora_adapter_metadata';

/** The configuration that holds for a tensor; undefined where the file stands alone, as those of kohya do. */
function configsOf({ outline }: Checkpoint): (tensor: string) => AdapterConfig | undefined {
  if (outline.config !== null && outline.config !== undefined) {
    const config = inWords(() => checkAdapterConfig(outline.config, `${outline.name}: adapter_config.json`));
    return () => config;
  }
  const packed = outline.metadata[PACKED];
  if (packed !== undefined) {
    const configs = inWords(() => checkPackedConfigs(packed, `${outline.name}: ${PACKED}`));
    return (name) => configs.get(name.slice(0, name.indexOf('.')));
  }
  if (outline.tensors.some(({ name }) => name.startsWith('base_model.model.')))
    throw new StudioError(
      'files',
      `${outline.name}: adapter_config.json is missing, so the adapter's alpha is not known`,
      'Drop the whole folder that PEFT saved, with its adapter_config.json.',
    );
  return () => undefined;
}

function inWords<T>(check: () => T): T {
  try {
    return check();
  } catch (error) {
    if (!(error instanceof AdapterError)) throw error;
    throw new StudioError('files', error.message, 'Merge the adapter with the tool that made it, and drop the result.');
  }
}

/** α/r, or α/√r of a rank-stabilised adapter; without any α it is 1, as in the tools that leave it out. */
async function scaleOf(
  adapter: Checkpoint,
  { alpha: name, rank, module, target }: LowRankMatch,
  config: AdapterConfig | undefined,
): Promise<number> {
  let alpha = config ? alphaOf(config, module) : rank;
  if (name !== undefined) {
    const values = await readValues(storedIn(adapter, name));
    const [value] = values;
    if (values.length !== 1 || value === undefined || !Number.isFinite(value))
      throw new StudioError(
        'files',
        `${adapter.outline.name}: ${name}: got ${values.slice(0, 4).join(', ')}, wanted one number`,
      );
    alpha = value;
  }
  const scale = config?.rsLora ? alpha / Math.sqrt(rank) : alpha / rank;
  if (!Number.isFinite(scale))
    throw new StudioError('files', `${adapter.outline.name}: ${target}: its scale is ${scale}`);
  return scale;
}

function misfit(adapter: Checkpoint, base: Checkpoint, problems: readonly string[]): StudioError {
  const more = problems.length > NAMED ? `; and ${problems.length - NAMED} more` : '';
  return new StudioError(
    'files',
    `${adapter.outline.name} does not fit ${base.outline.name}: ${problems.slice(0, NAMED).join('; ')}${more}`,
    'Choose the model that the adapter was trained for as its base.',
  );
}
