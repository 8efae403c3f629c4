/** A results file as lm-evaluation-harness writes it, with what our readers look at and some of what they pass over. */

export interface ResultsChanges {
  readonly model?: string;
  /** Replaces the default tasks. */
  readonly results?: Readonly<Record<string, unknown>>;
  /** Further keys of the file. */
  readonly rest?: Readonly<Record<string, unknown>>;
}

/** Tasks of all sorts: filters, groups, a metric without bounds, and one that is not clear. */
export const MIXED_RESULTS = {
  results: {
    mmlu: { alias: 'mmlu', 'acc,none': 0.6, 'acc_stderr,none': 0.004 },
    mmlu_law: { alias: ' - law', 'acc,none': 0.5, 'acc_stderr,none': 0.01 },
    set: { alias: 'set', ' ': ' ' },
    arc: {
      alias: ' - arc',
      'acc,none': 1e-5,
      'acc_norm,none': 0.625,
      'acc_norm_stderr,none': 'N/A',
      sample_len: 1_172,
    },
    gsm8k: {
      'exact_match,flexible-extract': 0.52,
      'exact_match,strict-match': 0.41,
      'exact_match_stderr,strict-match': 0.01,
    },
    wikitext: { 'word_perplexity,none': 12.5, 'word_perplexity_stderr,none': 'N/A' },
    summary: { 'rouge1,none': 0.3, 'rouge2,none': 0.1 },
  },
  rest: {
    group_subtasks: { mmlu: ['mmlu_law'], set: ['arc'], gsm8k: [] },
    'n-samples': { gsm8k: { original: 1_319, effective: 100 } },
  },
};

const HELLASWAG = {
  alias: 'hellaswag',
  'acc,none': 0.55,
  'acc_stderr,none': 0.0157,
  'acc_norm,none': 0.7125,
  'acc_norm_stderr,none': 0.0143,
};
const GSM8K = {
  alias: 'gsm8k',
  'exact_match,strict-match': 0.41,
  'exact_match_stderr,strict-match': 0.0135,
  'exact_match,flexible-extract': 0.52,
  'exact_match_stderr,flexible-extract': 'N/A',
};

export function resultsJson({ model = 'models/merge-001', results, rest = {} }: ResultsChanges = {}): string {
  const content = {
    results: results ?? { hellaswag: HELLASWAG, gsm8k: GSM8K },
    group_subtasks: { hellaswag: [], gsm8k: [] },
    configs: {},
    versions: { hellaswag: 1, gsm8k: 3 },
    'n-samples': { hellaswag: { original: 10_042, effective: 1_000 }, gsm8k: { original: 1_319, effective: 1_319 } },
    higher_is_better: { hellaswag: { acc: true, acc_norm: true } },
    config: { model: 'hf', model_args: `pretrained=${model},dtype=bfloat16`, limit: 1_000 },
    model_source: 'hf',
    model_name: model,
    ...rest,
  };
  return JSON.stringify(content, null, 2);
}
