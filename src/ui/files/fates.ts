/** What becomes of a tensor, and why, as the table says it. */
import type { Checked } from '../../store/files/state.ts';

type Fit = Checked['fit'];
type FitRow = Fit['rows'][number];

export function fateInWords(fate: FitRow['fate'], { models, refusals }: Pick<Fit, 'models' | 'refusals'>): string {
  switch (fate.kind) {
    case 'merge':
      return (fate.without ?? []).length === 0 ? 'merged' : `merged without ${nameOf(fate.without, models)}`;
    case 'copy':
      return `copied from ${nameOf([fate.model], models)}: ${fate.because}`;
    case 'left out':
      return `left out: ${fate.because}`;
    case 'open':
      return refusals.length > 0 ? 'does not fit' : 'to be decided above';
  }
}

const nameOf = (ids: readonly string[] = [], models: Fit['models']): string =>
  ids.map((id) => models.find((model) => model.id === id)?.name).join(', ');

/** Why it does not fit, or what is worth knowing although it fits; each sentence once. */
export const reasonsOf = ({ cells }: FitRow): readonly string[] => [
  ...new Set(cells.map(({ reason }) => reason).filter(Boolean)),
];
