import { type Goal, selectGoals } from '../../store/objectives.ts';
import { selectExploration } from '../../store/selectors.ts';
import type { Explored } from '../../store/state.ts';
import { useStudio } from '../../store/studio.ts';
import { percent } from '../charts/format.ts';
import { Term } from '../controls/term.tsx';
import { PredictionError } from './prediction-error.tsx';

/** Below this share of explained variance the front is a guess. */
const TRUSTED = 0.8;

/** How well the quadratics behind the front predict merges that they have not seen. */
export function FitLine() {
  const exploration = useStudio(selectExploration);
  const goals = useStudio(selectGoals);
  const tasks = useStudio((state) => state.card?.tasks);
  const elsewhere = useStudio((state) => state.elsewhere);
  if (!exploration) return null;
  const metrics = [...new Set(goals.flatMap(({ objective }) => metricKeys(objective)))];
  const fits = metrics.flatMap((metric) => {
    const surrogate = exploration.calibration[metric];
    return surrogate ? [{ metric, ...surrogate }] : [];
  });
  if (fits.length === 0) return null;
  const name = (metric: string) => {
    const [task, loss] = metric.startsWith(LOSS) ? [metric.slice(LOSS.length), 'loss of '] : [metric, ''];
    return metric === CHANGE ? 'change' : loss + (tasks?.find(({ id }) => id === task)?.name ?? task);
  };
  return (
    <p className="fit-line">
      <Term help="A quadratic in the coefficients, fitted to the measured merges. R² is for merges left out of the fit: 1 is perfect, 0 no better than the mean.">
        {elsewhere
          ? 'model of the tasks'
          : `model of ${fits.every(({ metric }) => metric.startsWith(LOSS)) ? 'loss' : 'accuracy'}`}
      </Term>
      {fits.map(({ metric, looR2, looRmse, link }) => (
        <span key={metric} className={looR2 !== undefined && looR2 >= TRUSTED ? 'fit' : 'fit weak'}>
          {name(metric)} R² {looR2 === undefined ? '–' : looR2.toFixed(2)} ±{' '}
          {link === 'sigmoid' || (!elsewhere && !metric.includes(':') && link !== 'root')
            ? percent(looRmse)
            : looRmse.toPrecision(2)}
          {(looR2 === undefined || looR2 < TRUSTED) && ' (weak)'}
        </span>
      ))}
      <span>
        from {exploration.points} measured {exploration.points === 1 ? 'merge' : 'merges'}
      </span>
      <PredictionError goals={goals} />
      {exploration.published && <PublishedFits fits={exploration.published.fits} name={name} />}
    </p>
  );
}

/** Keys of the surrogates of losses and of the norm of the change, as `pareto/surrogate/objective.ts` makes them. */
const LOSS = 'loss:';
const CHANGE = 'change';

const metricKeys = (objective: Goal['objective']): readonly string[] =>
  objective.kind === 'metric' ? [objective.metric] : objective.metrics;

type Fits = NonNullable<Explored['published']>['fits'];

function PublishedFits({ fits, name }: { readonly fits: Fits; readonly name: (metric: string) => string }) {
  return (
    <span className="published-fits">
      as published (Levenberg–Marquardt from ones, looked for in [−3, 3]):{' '}
      {fits
        .map(
          ({ key, fit }) =>
            `${name(key)} ${'r2' in fit ? `R² of the fit ${fit.r2?.toFixed(2) ?? '–'}, ` : ''}${fit.state}`,
        )
        .join('; ')}
    </span>
  );
}
