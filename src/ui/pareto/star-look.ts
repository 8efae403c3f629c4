import { selectExtrapolated } from '../../store/sampled.ts';
import { selectTaskRows } from '../../store/selectors.ts';
import { useStudio } from '../../store/studio.ts';

/** How the star of all tasks of the mix is drawn: as its least certain number, and hatched where estimates extrapolate. */
export function useStarLook(): string {
  const state = useStudio((all) => {
    const rows = selectTaskRows(all).filter((row) => row.merged);
    return rows.find((row) => row.state !== 'measured')?.state ?? 'measured';
  });
  const extrapolated = useStudio(selectExtrapolated);
  return state === 'estimated' && extrapolated ? 'estimated extrapolated' : state;
}
