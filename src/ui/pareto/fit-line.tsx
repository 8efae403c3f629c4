import { metricOf, written } from '../../store/metrics.ts';
import { selectExploration } from '../../store/selectors.ts';
import { useStudio } from '../../store/studio.ts';
import { Term } from '../controls/term.tsx';

/** Below this share of explained variance the front is a guess. */
const TRUSTED = 0.8;

/** How well the quadratic of each task of the front predicts merges that it has not seen. */
export function FitLine() {
  const exploration = useStudio(selectExploration);
  const goals = useStudio(({ view, recipe }) => (view?.goals === 'all' ? recipe?.experts : view?.pair));
  const tasks = useStudio((state) => state.card?.tasks);
  const elsewhere = useStudio((state) => state.elsewhere);
  if (!exploration || !goals) return null;
  const name = (task: string) => tasks?.find(({ id }) => id === task)?.name ?? task;
  const fits = goals.flatMap((task) => {
    const surrogate = exploration.calibration[task];
    return surrogate ? [{ task, ...surrogate }] : [];
  });
  if (fits.length === 0) return null;
  return (
    <p className="fit-line">
      <Term help="A quadratic of each task in the coefficients, fitted to the measured merges. R² is for merges left out of the fit: 1 is perfect, 0 no better than the mean.">
        {elsewhere ? 'model of the tasks' : 'model of accuracy'}
      </Term>
      {fits.map(({ task, looR2, looRmse }) => (
        <span key={task} className={looR2 !== undefined && looR2 >= TRUSTED ? 'fit' : 'fit weak'}>
          {name(task)} R² {looR2 === undefined ? '–' : looR2.toFixed(2)} ±{' '}
          {written({ ...metricOf({ elsewhere }, task), smaller: false }, looRmse)}
          {(looR2 === undefined || looR2 < TRUSTED) && ' (weak)'}
        </span>
      ))}
      <span>from {exploration.points} measured merges</span>
    </p>
  );
}
