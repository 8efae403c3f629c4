/** `npm run bench`: checks the answers, then the clock, and prints one table beside the machine's own limits. */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openWasm } from '../studio/local.ts';
import { evaluatingGroup } from './evaluating.ts';
import { type FilesOptions, filesGroups } from './files.ts';
import { type FilesRun, measure } from './files-run.ts';
import { frontsGroup } from './fronts.ts';
import { machineLimits, machineName } from './machine.ts';
import { memoryGroup } from './memory.ts';
import { mergingGroup } from './merging.ts';
import { methodGroups } from './methods.ts';
import { pageGroups } from './page.ts';
import { asJson, type Group, printed } from './report.ts';
import { processorTime, stolenShare } from './stolen.ts';
import { openSubject, type Subject } from './subject.ts';

const USAGE = `usage: npm run bench -- [--json] [--zoo <folder with card.json>] [--only node|methods|page|files] [--methods ties,…] [--files-mb 500] [--files-in node|chromium] [--mergekit <mergekit-yaml>]`;

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    zoo: { type: 'string', default: join('public', 'zoo', 'glyph-vit') },
    only: { type: 'string' },
    methods: { type: 'string' },
    'files-mb': { type: 'string', default: '500' },
    'files-in': { type: 'string', default: 'both' },
    mergekit: { type: 'string' },
    // The bench calls itself: each merge of files in a process of its own.
    'files-run': { type: 'string' },
    help: { type: 'boolean', short: 'h', default: false },
  },
});

/** Less is the usual coming and going of a virtual machine's neighbours. */
const NOTICEABLE = 0.02;

/** Says on stderr what is being measured: the whole takes minutes. */
function announce(what: string): void {
  process.stderr.write(`measuring ${what} …\n`);
}

async function nodeGroups(subject: Subject): Promise<Group[]> {
  announce('in Node');
  await openWasm();
  const { limits, group } = await machineLimits(4 * subject.zoo.length * (subject.everyone.length + 1));
  return [
    group,
    await mergingGroup(subject, limits),
    await evaluatingGroup(subject, limits),
    await frontsGroup(),
    await memoryGroup(subject),
  ];
}

function placeOf(name: string): FilesOptions['where'] {
  if (name === 'node' || name === 'chromium' || name === 'both') return name;
  throw new Error(`--files-in ${name}: is none of node, chromium, both`);
}

if (values.help) {
  console.log(USAGE);
} else if (values['files-run'] !== undefined) {
  // Written by this program for a process of its own, see files.ts.
  console.log(JSON.stringify(await measure(JSON.parse(values['files-run']) as FilesRun)));
} else {
  const machine = machineName();
  const since = processorTime();
  const subject = await openSubject(values.zoo);
  const wants = (part: string) => values.only === undefined || values.only === part;
  const methods = async () => {
    await openWasm();
    return methodGroups(subject, values.methods?.split(','));
  };
  const files = () =>
    filesGroups({
      megabytes: Number(values['files-mb']),
      mergekit: values.mergekit,
      where: placeOf(values['files-in']),
      zoo: subject,
      announce,
    });
  const groups = [
    ...(wants('node') ? await nodeGroups(subject) : []),
    ...(wants('methods') ? await methods() : []),
    ...(wants('files') ? await files() : []),
    ...(wants('page') ? await pageGroups(subject, announce) : []),
  ];
  const stolen = stolenShare(since, processorTime());
  if (stolen !== undefined && stolen > NOTICEABLE)
    process.stderr.write(
      `The host took ${(100 * stolen).toFixed(0)} % of the processors' time: these times are too long.\n`,
    );
  console.log(values.json ? asJson(groups, machine) : `${machine}\n${printed(groups)}`);
}
