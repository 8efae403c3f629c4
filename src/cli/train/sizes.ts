/** How many bytes a visitor loads. */
import type { Card } from '../../formats/card.ts';
import type { Files } from './pack.ts';

const FIRST_VIEW_LIMIT = 1_800_000;
const FAMILY_LIMIT = 5_000_000;

/** Base, opening experts, heads, and the first test samples of the opening tasks; the card comes on top. */
export function firstView({ base, experts, heads, tasks, opening }: Card): number {
  const opened = ({ id }: { id: string }) => opening.experts.includes(id);
  const models = [base, heads, ...experts.filter(opened)].map(({ bytes }) => bytes);
  const samples = tasks.filter(opened).map(({ test }) => test[0]?.bytes ?? 0);
  return [...models, ...samples].reduce((sum, bytes) => sum + bytes, 0);
}

export function sizeTargets(card: Card, files: Files): Card['targets'] {
  const cardBytes = JSON.stringify(card).length;
  const first = firstView(card) + cardBytes;
  const all = [...files.values()].reduce((sum, { length }) => sum + length, cardBytes);
  const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(2)} MB`;
  return [
    {
      id: 'first-view',
      text: 'First view: card, base, opening experts, heads, 64 samples of each of their tasks',
      wanted: `at most ${megabytes(FIRST_VIEW_LIMIT)}`,
      measured: megabytes(first),
      met: first <= FIRST_VIEW_LIMIT,
    },
    {
      id: 'family-size',
      text: 'All files of the family',
      wanted: `at most ${megabytes(FAMILY_LIMIT)}`,
      measured: megabytes(all),
      met: all <= FAMILY_LIMIT,
    },
  ];
}
