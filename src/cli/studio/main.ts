/** The studio on the command line: results on stdout and nothing else, errors on stderr in one sentence. */
import { parseArgs } from 'node:util';
import { asFailure, StudioError } from '../../engine/fault.ts';
import { evaluate } from './evaluate.ts';
import { merge } from './merge.ts';
import { methods } from './methods.ts';

const USAGE = `usage:
  studio methods [--json]
  studio evaluate '<link>' [--samples all|256|64] [--tasks all] [--json]
  studio merge '<link>' --out merged.safetensors
A link is what the page's Share button copies; its part from "#v=1" on is enough.`;

const OPTIONS = {
  json: { type: 'boolean' },
  samples: { type: 'string' },
  tasks: { type: 'string' },
  out: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;

function readArguments() {
  try {
    return parseArgs({ options: OPTIONS, allowPositionals: true });
  } catch (error) {
    throw new StudioError('recipe', `${error instanceof Error ? error.message : error}\n${USAGE}`);
  }
}

async function run(): Promise<string> {
  const { values, positionals } = readArguments();
  const [command, link, ...rest] = positionals;
  if (values.help) return USAGE;
  if (rest.length > 0) throw new StudioError('recipe', `unexpected "${rest[0]}"; put the link in quotes\n${USAGE}`);
  switch (command) {
    case 'methods':
      return methods(values.json === true);
    case 'evaluate':
      return evaluate(link, { json: values.json === true, samples: values.samples, tasks: values.tasks });
    case 'merge':
      return merge(link, values.out);
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
