/**
 * The card of a zoo family: what was trained, on what, how well it does, and which files hold it. Written by `npm run train`,
 * read by everything else; parsed with a schema because a card is as untrusted as any other file.
 */
import * as v from 'valibot';

const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const identifier = v.pipe(v.string(), v.regex(/^[a-z0-9]+(-[a-z0-9]+)*$/));

const fileSchema = v.object({
  /** Path relative to the card. */
  file: v.string(),
  bytes: count,
  /** Hex SHA-256 of the file's bytes. */
  sha256: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)),
});

const scoreSchema = v.object({
  correct: count,
  n: count,
  /** Cross-entropy summed over the n samples, in nats; absent where only answers were counted. */
  loss: v.optional(v.number()),
});

/** Correct answers per task id. */
const scoresSchema = v.record(v.string(), scoreSchema);

const segmentSchema = v.object({ ...fileSchema.entries, from: count, to: count });

const taskSchema = v.object({
  id: identifier,
  name: v.string(),
  /** One line: what has to be told apart. */
  summary: v.string(),
  classes: v.pipe(v.array(v.string()), v.minLength(2)),
  /** Test samples and labels in a fixed order, cut at 64 and 256 so that subsets are nested and load one after the other. */
  test: v.array(segmentSchema),
  /** Calibration images only; their labels lie apart so that unlabelled use cannot see them. */
  calibration: v.object({ inputs: v.array(segmentSchema), labels: fileSchema }),
});

const modelSchema = v.object({
  id: identifier,
  name: v.string(),
  ...fileSchema.entries,
  dtype: v.picklist(['F16', 'F32']),
});

const vitSchema = v.object({
  architecture: v.literal('vit'),
  imageSize: count,
  patchSize: count,
  dim: count,
  blocks: count,
  heads: count,
  hidden: count,
  logitScale: v.number(),
});

const mlpSchema = v.object({
  architecture: v.literal('mlp'),
  /** Numbers that one sample has. */
  inputs: count,
  /** Outputs of each layer, from the input on. */
  widths: v.pipe(v.array(count), v.minLength(1)),
  /** Number of layers, and of the last one's outputs. */
  blocks: count,
  dim: count,
  activation: v.picklist(['relu', 'gelu']),
  classifier: v.picklist(['linear', 'cosine']),
  logitScale: v.number(),
});

const pointSchema = v.object({
  /** One coefficient per opening expert. */
  lambda: v.array(v.number()),
  calibration: scoresSchema,
  test: scoresSchema,
});

export const cardSchema = v.object({
  version: v.literal(1),
  family: identifier,
  name: v.string(),
  summary: v.string(),
  model: v.variant('architecture', [vitSchema, mlpSchema]),
  /** Number of weights of the encoder (heads excluded). */
  parameters: count,
  base: modelSchema,
  /** Each expert was fine-tuned on the task of the same id. */
  experts: v.pipe(v.array(modelSchema), v.minLength(2)),
  /** `heads.<task>.weight`, [classes, dim], and of linear heads `heads.<task>.bias`, [classes]; frozen before merging. */
  heads: v.object({ ...fileSchema.entries, dtype: v.picklist(['F16', 'F32']) }),
  tasks: v.pipe(v.array(taskSchema), v.minLength(2)),
  /**
   * Test split: accuracy[model id][task id] on the nested subsets, in order: first 64, first 256, all. Model ids are "base",
   * the experts', and "average" (the uniform average of all experts).
   */
  accuracy: v.record(v.string(), v.record(v.string(), v.array(scoreSchema))),
  opening: v.object({
    experts: v.pipe(v.array(identifier), v.minLength(2)),
    pair: v.tuple([identifier, identifier]),
    /** Merges by task arithmetic over the opening experts, measured when the card was made; the first is the default recipe. */
    points: v.array(pointSchema),
  }),
  /** What the zoo promises, with the measured figure. */
  targets: v.array(
    v.object({ id: identifier, text: v.string(), wanted: v.string(), measured: v.string(), met: v.boolean() }),
  ),
  training: v.record(v.string(), v.unknown()),
  typefaces: v.array(
    v.object({ name: v.string(), package: v.string(), version: v.string(), licence: v.string(), split: v.string() }),
  ),
});

export type Card = v.InferOutput<typeof cardSchema>;
export type CardTask = v.InferOutput<typeof taskSchema>;
export type CardModel = v.InferOutput<typeof modelSchema>;
export type CardFile = v.InferOutput<typeof fileSchema>;
export type CardSegment = v.InferOutput<typeof segmentSchema>;
export type CardPoint = v.InferOutput<typeof pointSchema>;
/** Correct answers out of n. */
export type Score = v.InferOutput<typeof scoreSchema>;
export type Scores = v.InferOutput<typeof scoresSchema>;

class CardError extends Error {
  override name = 'CardError';
}

/**
 * @param json the parsed content of a card.json
 * @throws CardError naming the first field that is wrong, what it holds and what was expected
 */
export function parseCard(json: unknown, address: string): Card {
  const result = v.safeParse(cardSchema, json, { abortEarly: true });
  if (result.success) return result.output;
  const [issue] = result.issues;
  const path = v.getDotPath(issue) ?? 'the whole file';
  throw new CardError(`${address}: ${path}: got ${issue.received}, wanted ${issue.expected ?? issue.message}`);
}
