/** What stands beside a merge plan, for whoever finds its folder. */
import type { PlanSource } from './merge-plan.ts';

export function planReadme({ title, axes, inexact }: PlanSource, merges: number): string {
  const rows = axes.map(({ name, min, max }) => `| ${name.replaceAll('|', '\\|')} | ${min} to ${max} |`);
  return `# ${merges} merges: ${title}

Each file in \`configs/\` is a configuration of [mergekit](https://github.com/arcee-ai/mergekit); \`coefficients.csv\` says which
coefficients it holds. Merge and evaluate them where your models are, then look at the results in Merge Studio.

| coefficient | its range |
|---|---|
${rows.join('\n')}
${remarks(inexact)}
## Before you start

- Check the paths of the models in \`configs/\`: they are relative to this folder. \`./base\` and \`./experts/…\` are placeholders.
- Install mergekit (\`mergekit-yaml\`) and lm-evaluation-harness (\`lm_eval\`), or put other commands at the head of \`run.sh\`.
- Say which tasks to measure: \`TASKS\` at the head of \`run.sh\`, or in the environment.

## Run it

One of these, from this folder. All may be stopped and started again: merges whose results exist are skipped.

\`\`\`sh
TASKS=hellaswag,arc_easy bash run.sh               # here, one after the other
TASKS=hellaswag,arc_easy sbatch run.slurm          # a Slurm array; what one merge needs is at its head
TASKS=hellaswag,arc_easy python3 run_ray.py        # a Ray job; this folder must be visible from every node
\`\`\`

A merged model is removed after its evaluation unless \`KEEP_MODELS=yes\`. Results lie in \`results/<merge>/\`.

## Look at it

\`\`\`sh
python3 collect.py                                 # writes results.csv and says which metric it took for each task
\`\`\`

Drop \`results.csv\` on the page of Merge Studio, or run \`studio map --points results.csv\`. It may be collected at any time:
merges without results are left out and told. Choose coefficients with one set of samples and report them on another.
`;
}

function remarks(inexact: readonly string[]): string {
  if (inexact.length === 0) return '';
  return `
mergekit has no words for a part of the recipe:

${inexact.map((sentence) => `- ${sentence}`).join('\n')}
`;
}
