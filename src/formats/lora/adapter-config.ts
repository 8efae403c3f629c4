/** `adapter_config.json` of PEFT: what scales a low-rank adapter, and what such a file may ask for that is not supported. */
import * as v from 'valibot';
import { dictionary, issueInWords, parseJson } from '../json-checks.ts';

export class AdapterError extends Error {
  override name = 'AdapterError';
}

export interface AdapterConfig {
  readonly rank: number;
  readonly alpha: number;
  /** Rank-stabilised: the scale is α/√r (Kalajdzievski 2023), not α/r. */
  readonly rsLora: boolean;
  /** α of modules that have their own. */
  readonly alphaPattern: readonly ModulePattern[];
  /** The base's matrices are in × out, as in GPT-2. */
  readonly fanInFanOut: boolean;
  /** Weight-decomposed (DoRA, Liu et al. 2024): every module has magnitudes. */
  readonly dora: boolean;
  /** Modules whose tensors the adapter holds whole. */
  readonly modulesToSave: readonly string[];
}

interface ModulePattern {
  readonly matches: RegExp;
  readonly value: number;
}

const positive = v.pipe(v.number(), v.gtValue(0));
const flag = v.nullish(v.boolean(), false);
const numbers = v.nullish(dictionary, {});

const schema = v.object({
  peft_type: v.nullish(v.string(), 'LORA'),
  r: v.pipe(v.number(), v.integer(), v.minValue(1)),
  lora_alpha: v.optional(positive),
  // What LoHa calls it.
  alpha: v.optional(positive),
  use_rslora: flag,
  use_dora: flag,
  fan_in_fan_out: flag,
  alpha_pattern: numbers,
  rank_pattern: numbers,
  modules_to_save: v.nullish(v.array(v.string()), []),
  init_lora_weights: v.nullish(v.union([v.boolean(), v.string()]), true),
  layer_replication: v.nullish(v.array(v.unknown()), []),
});

/**
 * What diffusers keeps in a file's metadata: the configuration of each component, every key with the component's name in front
 * ("unet.lora_alpha").
 * @returns by component
 */
export function checkPackedConfigs(text: string, label: string): ReadonlyMap<string, AdapterConfig> {
  const parsed = parseJson(text);
  if ('refusal' in parsed) throw new AdapterError(`${label}: ${parsed.refusal}`);
  const components = new Map<string, [string, unknown][]>();
  for (const [key, value] of Object.entries(Object(parsed.json))) {
    const dot = key.indexOf('.');
    const component = key.slice(0, Math.max(dot, 0));
    const entries = components.get(component) ?? [];
    components.set(component, entries);
    entries.push([key.slice(dot + 1), value]);
  }
  return new Map(
    Array.from(components, ([name, entries]) => [
      name,
      checkAdapterConfig(Object.fromEntries(entries), `${label}: ${name}`),
    ]),
  );
}

/** Kinds of adapters that PEFT saves as LoRA, and that are not B · A added to the weights. */
const VARIANTS = [
  'use_qalora',
  'use_bdlora',
  'alora_invocation_tokens',
  'arrow_config',
  'kasa_config',
  'monteclora_config',
  'target_parameters',
];

/** Kinds of adapters that are read; DoRA is a LORA. */
const READ = ['LORA', 'LOHA'];

/** Ways of starting an adapter that subtract it from the base: the published base is then not the one that it belongs to. */
const CHANGES_THE_BASE = /^(?:pissa|olora|corda|loftq|lora_ga)/i;

/**
 * @param label the file's name, for messages
 * @throws AdapterError saying what is wrong, or what is not supported
 */
export function checkAdapterConfig(json: unknown, label: string): AdapterConfig {
  const kind: unknown = Object(json).peft_type ?? 'LORA';
  if (typeof kind !== 'string' || !READ.includes(kind.toUpperCase()))
    throw new AdapterError(
      `${label}: peft_type: got ${JSON.stringify(kind)}, only ${READ.join(' and ')} are read; merge the adapter with PEFT (merge_and_unload) and drop the result`,
    );
  const checked = v.safeParse(schema, json);
  if (!checked.success) throw new AdapterError(`${label}: ${issueInWords(checked.issues)}`);
  const { peft_type: type, init_lora_weights: start, ...config } = checked.output;
  const alpha = type.toUpperCase() === 'LOHA' ? config.alpha : config.lora_alpha;
  if (alpha === undefined) throw new AdapterError(`${label}: lora_alpha: is missing, wanted a number`);
  const variant = VARIANTS.find((key) => isSet(Object(json)[key]));
  if (variant !== undefined)
    throw new AdapterError(
      `${label}: ${variant}: this kind of adapter is not read; merge it with PEFT (merge_and_unload) and drop the result`,
    );
  if (config.layer_replication.length > 0)
    throw new AdapterError(
      `${label}: layer_replication: the adapted model has other layers than the base, which is not read; merge the adapter with PEFT (merge_and_unload) and drop the result`,
    );
  if (typeof start === 'string' && CHANGES_THE_BASE.test(start))
    throw new AdapterError(
      `${label}: init_lora_weights: with ${JSON.stringify(start)} training changes the base too; convert it to a plain LoRA with PEFT (path_initial_model_for_weight_conversion)`,
    );
  return {
    rank: config.r,
    alpha,
    rsLora: config.use_rslora,
    alphaPattern: patternsOf(config.alpha_pattern, `${label}: alpha_pattern`),
    fanInFanOut: config.fan_in_fan_out,
    dora: config.use_dora,
    modulesToSave: config.modules_to_save,
  };
}

const isSet = (value: unknown): boolean => (Array.isArray(value) ? value.length > 0 : Boolean(value));

/** Longer ones than any module's name; a pattern from a file may also repeat only once, so that matching takes linear time. */
const MAX_PATTERN = 200;
const PLAIN_PATTERN = /^[\w.^$\\|()[\]-]*(?:[*+?][\w.^$\\|()[\]-]*)?$/;

/** PEFT matches each key as a regular expression against the end of a module's name, from a dot on. */
function patternsOf(entries: Readonly<Record<string, unknown>>, at: string): ModulePattern[] {
  return Object.entries(entries).map(([key, value]) => {
    if (typeof value !== 'number' || !(value > 0))
      throw new AdapterError(`${at}: ${key}: got ${JSON.stringify(value)}, wanted a positive number`);
    if (key.length > MAX_PATTERN || !PLAIN_PATTERN.test(key))
      throw new AdapterError(
        `${at}: ${JSON.stringify(key.slice(0, 80))}: is no pattern that is read; name the modules`,
      );
    try {
      return { matches: new RegExp(`^(?:.*\\.)?(?:${key})$`), value };
    } catch {
      throw new AdapterError(`${at}: ${JSON.stringify(key)}: is no regular expression`);
    }
  });
}

/** α of a module: the first pattern that matches, as in PEFT, else the common one. */
export const alphaOf = ({ alpha, alphaPattern }: AdapterConfig, module: string): number =>
  alphaPattern.find(({ matches }) => matches.test(module))?.value ?? alpha;
