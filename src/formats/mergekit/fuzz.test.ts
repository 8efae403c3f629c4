/** Damaged mergekit configurations: made a job, or refused with their line; never a crash, never a hang. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import catalogue from 'virtual:catalogue';
import mergekit from 'virtual:mergekit';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { llama, outlineOf } from '../checkpoint/outlines.testing.ts';
import { jobOfMergekit } from './job.ts';
import { readMergekitConfig } from './read.ts';

const FIXTURES = 'src/cli/studio/fixtures';
const TEXTS = ['mergekit', 'tokens'].flatMap((folder) => {
  const configs = join(FIXTURES, folder, 'configs');
  return readdirSync(configs).map((name) => readFileSync(join(configs, name), 'utf8'));
});
const RUNS = 3000;
/** Of processor time. */
const LONGEST_MS = 2000;

const outline = outlineOf('model', llama(1));

function tried(text: string): 'job' | 'refused' {
  const began = process.cpuUsage();
  const config = readMergekitConfig(text);
  const models = config.kind === 'config' ? config.references : [];
  const made =
    config.kind === 'refused'
      ? config
      : jobOfMergekit(config, new Map(models.map(({ text: name }, i) => [name, { ...outline, id: `m${i}` }])), {
          catalogue,
          mergekit,
        });
  expect(process.cpuUsage(began).user / 1000).toBeLessThan(LONGEST_MS);
  if (made.kind === 'job') return 'job';
  expect(made.problems.length).toBeGreaterThan(0);
  const lines = text.split('\n').length + 1;
  for (const { line, message } of made.problems) {
    expect(line).toBeGreaterThan(0);
    expect(line).toBeLessThanOrEqual(lines);
    expect(message.length).toBeGreaterThan(5);
    expect(message.length).toBeLessThan(2000);
  }
  return 'refused';
}

const whole = fc.constantFrom(...TEXTS);
const WORDS = [
  '[',
  ']',
  '{',
  '}',
  ': ',
  '- ',
  '\n',
  '\t',
  '&a',
  '*a',
  '<<: *a',
  '!!binary',
  'null',
  '.inf',
  '-1',
  '1e400',
  '"',
  "'",
  '|',
  '>',
  '#',
  '\0',
  '️',
];

test(`${RUNS} configurations with damaged characters`, () => {
  const found = { job: 0, refused: 0 };
  const damage = fc.tuple(fc.nat(), fc.nat(6), fc.oneof(fc.constantFrom(...WORDS), fc.string({ maxLength: 5 })));
  fc.assert(
    fc.property(whole, fc.array(damage, { minLength: 1, maxLength: 3 }), (text, all) => {
      const broken = all.reduce((now, [at, cut, more]) => {
        const from = at % (now.length + 1);
        return now.slice(0, from) + more + now.slice(from + cut);
      }, text);
      found[tried(broken)]++;
    }),
    { numRuns: RUNS, seed: 1 },
  );
  expect(Math.min(found.job, found.refused)).toBeGreaterThan(RUNS / 20);
});

test(`${RUNS / 2} configurations with lines of others, in any order`, () => {
  const line = fc.constantFrom(...new Set(TEXTS.flatMap((text) => text.split('\n'))));
  fc.assert(
    fc.property(whole, fc.array(fc.tuple(fc.nat(), fc.nat(2), line), { minLength: 1, maxLength: 4 }), (text, all) => {
      const lines = text.split('\n');
      for (const [at, cut, more] of all) lines.splice(at % (lines.length + 1), cut, more);
      tried(lines.join('\n'));
    }),
    { numRuns: RUNS / 2, seed: 2 },
  );
});
