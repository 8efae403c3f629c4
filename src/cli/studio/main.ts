/** The studio on the command line: results on stdout and nothing else, errors on stderr in one sentence. */
import { parseArgs } from 'node:util';
import { asFailure, StudioError } from '../../engine/fault.ts';
import { check } from './check.ts';
import { evaluate } from './evaluate.ts';
import { extractLoraCommand } from './extract-lora.ts';
import { inspect } from './inspect.ts';
import { leaderboard } from './leaderboard.ts';
import { map } from './map.ts';
import { merge } from './merge.ts';
import { mergeConfiguration, mergeRecipe } from './merge-files.ts';
import { methods } from './methods.ts';
import { plan } from './plan.ts';
import { isConfiguration } from './planned-merge.ts';
import { linkOfFile, recipeJson } from './recipe-file.ts';

const USAGE = `usage:
  studio methods [--json | --doc <id>|all]
  studio evaluate '<link>' [--samples all|256|64] [--tasks all] [--json]
  studio recipe '<link>'
  studio merge '<link>' --out merged.safetensors [--task digits]
  studio merge merge.yaml --out merged.safetensors [--dtype bf16] [--resume] [--json]
  studio merge --recipe <file.json> --models base=a.safetensors,digits=b.safetensors --out merged.safetensors
               [--choose vocabulary=union] [--dtype bf16] [--resume] [--json]
  studio check merge.yaml [--dtype bf16] [--json]
  studio check --recipe <file.json> --models base=a.safetensors,digits=b.safetensors [--choose vocabulary=union] [--json]
  studio inspect a.safetensors [b.safetensors folder/ …] [--exact] [--json]
  studio leaderboard [--experts all|a,b] [--samples all|n] [--tune 24] [--trained] [--json]
  studio map '<link>' [--evaluations 2p] [--seed 1] [--as-published] [--json]
  studio map --points results.csv|results.json|plan/ [--minimise task,…] [--json]
  studio plan '<link>'|merge.yaml --out plan/ [--points 40] [--seed 1] [--tasks a,b] [--force] [--json]
  studio extract-lora merged.safetensors --base base.safetensors --out folder/ [--rank 16] [--rest in-full] [--json]
A link is what the page's Share button copies; its part from "#v=1" on is enough. In place of a link, --recipe <file.json> takes
a recipe that \`studio recipe\` printed.
Methods that give one network per task are written one network at a time (--task), or all into a folder (--out folder/).
merge.yaml is a mergekit configuration whose models are files or folders. With --shard-size 5GB several files go into the folder
that --out names. Ctrl-C stops a merge of files; --resume goes on with it. --threads 1 leaves the other processors alone.
\`studio check\` reads headers only and exits with 1 when the merge would not run. \`studio inspect\` takes the first of several
models for the base of the others.`;

const OPTIONS = {
  json: { type: 'boolean' },
  doc: { type: 'string' },
  samples: { type: 'string' },
  tasks: { type: 'string' },
  experts: { type: 'string' },
  tune: { type: 'string' },
  trained: { type: 'boolean' },
  task: { type: 'string' },
  out: { type: 'string' },
  recipe: { type: 'string' },
  base: { type: 'string' },
  rank: { type: 'string' },
  rest: { type: 'string' },
  points: { type: 'string' },
  seed: { type: 'string' },
  evaluations: { type: 'string' },
  minimise: { type: 'string' },
  'as-published': { type: 'boolean' },
  force: { type: 'boolean' },
  dtype: { type: 'string' },
  'shard-size': { type: 'string' },
  resume: { type: 'boolean' },
  exact: { type: 'boolean' },
  models: { type: 'string' },
  choose: { type: 'string' },
  threads: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;

function readArguments() {
  try {
    return parseArgs({ options: OPTIONS, allowPositionals: true });
  } catch (error) {
    throw new StudioError('recipe', `${error instanceof Error ? error.message : error}\n${USAGE}`);
  }
}

type Values = ReturnType<typeof readArguments>['values'];

function mergeFiles(given: string | undefined, values: Values): Promise<string> {
  const options = {
    out: values.out,
    dtype: values.dtype,
    shardSize: values['shard-size'],
    resume: values.resume === true,
    json: values.json === true,
    models: values.models,
    choose: values.choose,
    task: values.task,
    threads: values.threads,
  };
  if (isConfiguration(given)) return mergeConfiguration(given, options);
  if (values.recipe !== undefined) return mergeRecipe(values.recipe, options);
  throw new StudioError('recipe', `--models: names models, but there is no --recipe to merge them by\n${USAGE}`);
}

async function checked(given: string | undefined, values: Values): Promise<string> {
  const path = isConfiguration(given) ? given : values.recipe;
  if (path === undefined)
    throw new StudioError('recipe', `what to check is missing: merge.yaml, or --recipe with --models\n${USAGE}`);
  const { dtype, models, choose, task } = values;
  const { text, runs } = await check(path, { dtype, models, choose, task, json: values.json === true });
  if (!runs) process.exitCode = 1;
  return text;
}

async function run(): Promise<string> {
  const { values, positionals } = readArguments();
  const [command, given, ...rest] = positionals;
  if (values.help) return USAGE;
  if (command === 'inspect')
    return inspect(positionals.slice(1), { json: values.json === true, exact: values.exact === true });
  if (rest.length > 0) throw new StudioError('recipe', `unexpected "${rest[0]}"; put the link in quotes\n${USAGE}`);
  if (values.recipe !== undefined && given !== undefined)
    throw new StudioError('recipe', `got a link and --recipe; leave one of them out\n${USAGE}`);
  if (command === 'check') return checked(given, values);
  if (command === 'merge' && (values.models !== undefined || isConfiguration(given))) return mergeFiles(given, values);
  const link = values.recipe === undefined ? given : await linkOfFile(values.recipe);
  switch (command) {
    case 'methods':
      return methods({ json: values.json === true, doc: values.doc });
    case 'evaluate':
      return evaluate(link, { json: values.json === true, samples: values.samples, tasks: values.tasks });
    case 'recipe':
      return recipeJson(link);
    case 'merge':
      return merge(link, { out: values.out, task: values.task });
    case 'extract-lora':
      return extractLoraCommand(given, {
        base: values.base,
        rank: values.rank,
        rest: values.rest,
        out: values.out,
        json: values.json === true,
      });
    case 'leaderboard':
      return leaderboard({
        json: values.json === true,
        experts: values.experts,
        samples: values.samples,
        tune: values.tune,
        trained: values.trained === true,
      });
    case 'map':
      return map(link, {
        json: values.json === true,
        evaluations: values.evaluations,
        seed: values.seed,
        points: values.points,
        minimise: values.minimise,
        asPublished: values['as-published'] === true,
      });
    case 'plan':
      return plan(link, {
        json: values.json === true,
        points: values.points,
        out: values.out,
        seed: values.seed,
        tasks: values.tasks,
        force: values.force === true,
      });
    default:
      throw new StudioError('recipe', command ? `unknown command "${command}"\n${USAGE}` : USAGE);
  }
}

try {
  process.stdout.write(`${await run()}\n`);
} catch (error) {
  process.stderr.write(`${asFailure(error).message}\n`);
  process.exitCode = 1;
}
