import { useMemo } from 'react';
import { type Outcome, outcomesOf } from '../../store/comparison-outcomes.ts';
import { selectComparisons, selectCosts } from '../../store/comparison-views.ts';
import { COMPARISON_NAMES, searched } from '../../store/comparisons.ts';
import { selectGoals } from '../../store/objectives.ts';
import type { Split } from '../../store/plotted.ts';
import { selectStudy } from '../../store/selectors.ts';
import { useStudio } from '../../store/studio.ts';
import { percent } from '../charts/format.ts';
import { Term } from '../controls/term.tsx';
import { ComparisonMark } from './comparison-mark.tsx';
import { ComparisonRow } from './comparison-row.tsx';
import './compare.css';

const NOBODY: readonly string[] = [];

/** MAP beside published baselines and a random search of the same budget: each measured here, when asked for. */
export function Compare() {
  const outcomes = useOutcomes();
  return (
    <div className="compare">
      <Comparisons outcomes={outcomes} />
    </div>
  );
}

function useOutcomes(): readonly Outcome[] {
  const card = useStudio((state) => state.card);
  const tasks = useStudio((state) => state.recipe?.experts) ?? NOBODY;
  const goals = useStudio(selectGoals);
  const points = useStudio((state) => state.points);
  const study = useStudio(selectStudy);
  const comparisons = useStudio(selectComparisons);
  return useMemo(() => {
    if (!card || study === null) return [];
    return outcomesOf({ card, tasks, searched: searched(points, study), comparisons }, goals);
  }, [card, tasks, goals, points, study, comparisons]);
}

const nameOf = (id: Outcome['id']) => (id === 'map' ? 'MAP' : COMPARISON_NAMES[id]);

/** What each set covers, on the split that is drawn. */
export function Volumes({ split }: { readonly split: Split }) {
  const outcomes = useOutcomes();
  if (outcomes.length < 2) return null;
  const told = split === 'calibration' ? 'on calibration' : 'on test, of the front that calibration chose';
  return (
    <p className="plot-key" data-volumes>
      <span>hypervolume {told}:</span>
      {outcomes.map(({ id, merges, volume }) => (
        <span key={id} data-volume={id}>
          {id !== 'map' && <ComparisonMark id={id} />}
          {nameOf(id)}{' '}
          <b>
            {volume[split].estimated && '≈ '}
            {volume[split].value.toFixed(3)}
          </b>{' '}
          ({merges} {merges === 1 ? 'merge' : 'merges'})
        </span>
      ))}
    </p>
  );
}

function Comparisons({ outcomes }: { readonly outcomes: readonly Outcome[] }) {
  const costs = useStudio(selectCosts);
  const find = (wanted: Outcome['id']) => outcomes.find(({ id }) => id === wanted);
  const map = find('map');
  const n = (split: Split) => Math.min(...outcomes.map((outcome) => outcome.n[split]));
  return (
    <>
      <table>
        <thead>
          <tr>
            <th scope="col">Set</th>
            <th scope="col">Merges</th>
            <th scope="col">
              <Term help="What the set’s own front covers of the goals, above 0 or the worst of all sets, and what the same merges cover on the test split.">
                hypervolume
              </Term>
            </th>
            <th scope="col">
              <Term help="Mean accuracy over all tasks of the mix, of the merge that is best on the calibration split.">
                best average %
              </Term>
            </th>
          </tr>
        </thead>
        <tbody>
          <tr data-set="map">
            <th scope="row">
              <Term help="The planned and precomputed merges of this method and mix, and those chosen for the front.">
                MAP, measured
              </Term>
            </th>
            <td>{map?.merges ?? 0}</td>
            {map ? <Numbers outcome={map} /> : <td colSpan={2}>measure points first</td>}
          </tr>
          {costs.map((cost) => {
            const outcome = find(cost.id);
            return (
              <ComparisonRow key={cost.id} cost={cost} measured={outcome?.merges ?? 0}>
                {outcome && <Numbers outcome={outcome} />}
              </ComparisonRow>
            );
          })}
        </tbody>
      </table>
      <p className="hint">
        {outcomes.length > 0 &&
          `Chosen on calibration (n = ${n('calibration')} per task) → reported on test (n = ${n('test')}). `}
        Surrogates are not fitted to the merges of a comparison.
      </p>
    </>
  );
}

/** Calibration → test. */
function Numbers({ outcome: { volume, best } }: { readonly outcome: Outcome }) {
  const about = volume.calibration.estimated ? '≈ ' : '';
  return (
    <>
      <td>
        {about}
        {volume.calibration.value.toFixed(3)} → <b>{volume.test.value.toFixed(3)}</b>
      </td>
      <td>
        {percent(best.calibration)} → <b>{percent(best.test)}</b>
      </td>
    </>
  );
}
