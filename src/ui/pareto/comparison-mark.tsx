import type { Compared } from './use-compared.ts';

/** Strokes rather than areas: what is compared with is quieter than what was searched. */
export const COMPARISON_PATHS: Readonly<Record<Compared['id'], string>> = {
  random: 'M-3 -3L3 3M-3 3L3 -3',
  shared: 'M0 -2A2 2 0 1 1 0 2A2 2 0 1 1 0 -2Z',
  soups: 'M0 -4V4',
  greedy: 'M0 0V-5M0 0L4.3 3M0 0L-4.3 3',
  trained: 'M0 -5V5M-4.3 -2.5L4.3 2.5M-4.3 2.5L4.3 -2.5',
};

/** The comparisons' strokes for a key, in the size of a letter. */
export function ComparisonMark({ id }: { readonly id: Compared['id'] }) {
  return (
    <svg className="comparison" width="10" height="10" viewBox="-5 -5 10 10" aria-hidden="true" focusable="false">
      <path className={id} d={COMPARISON_PATHS[id]} />
    </svg>
  );
}
