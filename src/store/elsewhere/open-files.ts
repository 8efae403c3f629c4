/** Opens what somebody dropped or chose: measurements of the mix on the screen, measurements from elsewhere, a configuration. */
import type { ResultsFile } from '../../formats/lm-eval.ts';
import { mayHoldMeasurements, readMeasurements } from '../../formats/measurements.ts';
import { problemInWords } from '../../formats/points.ts';
import { COMPARISON_NAMES } from '../comparisons.ts';
import { fitsMix, importTable, withImported } from '../import.ts';
import type { Split } from '../plotted.ts';
import { useStudio } from '../studio.ts';
import { leaveElsewhere, showElsewhere } from './screen.ts';

const CONFIGURATION = /\.ya?ml$/i;
/** A folder of merged models holds files that no tab can read. */
const MAX_BYTES = 50_000_000;

/** The part of a browser's File that is read. */
export interface OpenedFile {
  readonly path: string;
  readonly size: number;
  text(): Promise<string>;
}

export interface Outcome {
  readonly kind: 'zoo' | 'elsewhere' | 'configuration' | 'refused';
  /** What happened, then what was left out or assumed, a sentence each. */
  readonly notes: readonly string[];
}

/** @param split of the mix on the screen that its own measurements belong to */
export async function openFiles(all: readonly OpenedFile[], split: Split): Promise<Outcome> {
  const [single] = all;
  if (single && all.length === 1 && CONFIGURATION.test(single.path)) {
    useStudio.setState({ configuration: { name: single.path, text: await single.text() }, dialog: 'plan' });
    return { kind: 'configuration', notes: [] };
  }
  const readable = all.filter(({ path, size }) => mayHoldMeasurements(path) && size <= MAX_BYTES);
  const passed = all.length - readable.length;
  const left =
    passed > 0 && readable.length > 0 ? [`Not read: ${passed} ${passed === 1 ? 'file' : 'files'} of other kinds.`] : [];
  const files = await Promise.all(
    (readable.length > 0 ? readable : all.slice(0, 3)).map(
      async ({ path, size, text }): Promise<ResultsFile> => ({ path, text: size <= MAX_BYTES ? await text() : '' }),
    ),
  );
  const read = readMeasurements(files);
  if ('refusal' in read) return { kind: 'refused', notes: [read.refusal, ...left] };
  const { name, table, smaller, unbounded } = read;
  const notes = [...read.notes, ...left];
  const state = useStudio.getState();
  const { elsewhere } = state;
  if (fitsMix(elsewhere ? elsewhere.aside : state, table)) {
    leaveElsewhere();
    const imported = importTable(useStudio.getState(), split, { name, table });
    state.addPoints(imported.points);
    useStudio.setState((now) => withImported(now, imported));
    const compared = imported.comparisons.map((each) => `${each.points.length} of ${COMPARISON_NAMES[each.id]}`);
    const also = compared.length > 0 ? `, and to compare with ${compared.join(', ')}` : '';
    const first = `${name}: ${imported.points.length} measured merges on the ${split} split${also}.`;
    return { kind: 'zoo', notes: [first, ...imported.notes, ...notes] };
  }
  const refusal = showElsewhere({ name, table, smaller, unbounded, remarks: notes });
  if (refusal === undefined) return { kind: 'elsewhere', notes: [] };
  const problems = table.problems.map((problem) => problemInWords(table, problem));
  return { kind: 'refused', notes: [`${name}: ${refusal}`, ...problems, ...notes] };
}

/** Opens files from anywhere on the page: what cannot be seen on the screen itself is told in a dialog. */
export async function openAndTell(files: readonly OpenedFile[], split: Split): Promise<void> {
  const { kind, notes } = await openFiles(files, split);
  switch (kind) {
    case 'elsewhere':
      return useStudio.setState({ dialog: null, opened: null });
    case 'configuration':
      return;
    case 'zoo':
      return useStudio.setState({ dialog: 'open', opened: { title: 'Added to the mix on the screen', notes } });
    case 'refused':
      return useStudio.setState({ dialog: 'open', opened: { title: 'This cannot be explored', notes } });
  }
}
