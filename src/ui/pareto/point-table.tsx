import type { Goal } from '../../store/objectives.ts';
import { PIN_LETTERS, pinOf } from '../../store/pins.ts';
import type { PlotPoint } from '../../store/plotted.ts';
import { selectSpace } from '../../store/space.ts';
import { useStudio } from '../../store/studio.ts';
import { CoefficientList, spokenCoefficients } from '../charts/coefficients.tsx';
import { SOURCES } from './point-mark.tsx';
import { goalName, UNIT_SIGNS, valueText } from './units.ts';
import type { Plot } from './use-plot.ts';

/** More rows than anybody reads. */
const MOST_ROWS = 200;

/** The same points as a table, for reading and for the keyboard. */
export function PointTable({ plot }: { readonly plot: Plot }) {
  return (
    <div className="point-table">
      <Rows plot={plot} />
    </div>
  );
}

function Rows({ plot }: { readonly plot: Plot }) {
  const sorted = [...plot.points].reverse().slice(0, MOST_ROWS);
  return (
    <div className="scroller">
      <table>
        <thead>
          <tr>
            <th scope="col">Coefficients</th>
            {plot.goals.map((goal) => (
              <th key={goal.id} scope="col">
                {goalName(goal)} {UNIT_SIGNS[goal.unit]}
              </th>
            ))}
            <th scope="col">n</th>
            <th scope="col">From</th>
            <th scope="col">
              <span className="unseen">Use</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {sorted.map((plotted) => (
            <Row key={plotted.point.mergeId} plotted={plotted} goals={plot.goals} />
          ))}
          {plot.compared.flatMap(({ id, name, points }) =>
            points
              .slice(0, MOST_ROWS)
              .map((plotted) => (
                <Row key={`${id} ${plotted.point.mergeId}`} plotted={plotted} goals={plot.goals} set={name} />
              )),
          )}
        </tbody>
      </table>
    </div>
  );
}

/** Pins the point as A or, beside an A, as B. */
function PinPoint({ plotted: { point } }: Pick<RowProps, 'plotted'>) {
  const pins = useStudio((state) => state.pins);
  const pin = useStudio((state) => state.pin);
  const elsewhere = useStudio((state) => state.elsewhere !== null);
  const merge = pinOf(point);
  if (!merge || elsewhere) return null;
  const name = pins.a && pins.a.mergeId !== point.mergeId ? 'b' : 'a';
  const pressed = pins[name]?.mergeId === point.mergeId;
  return (
    <button
      type="button"
      className="flat"
      aria-pressed={pressed}
      title="Keeps it to compare with"
      onClick={() => pin(name, pressed ? null : merge)}
    >
      {pressed ? 'unpin' : 'pin as'} {PIN_LETTERS[name]}
    </button>
  );
}

interface RowProps {
  readonly plotted: PlotPoint;
  readonly goals: readonly Goal[];
  /** The comparison that it was measured for. */
  readonly set?: string;
}

function Row({ plotted, goals, set }: RowProps) {
  const { point, x, y, n, best, own } = plotted;
  const adopt = useStudio((state) => state.adopt);
  const space = useStudio(selectSpace);
  return (
    <tr className={set ? 'compared' : best ? 'best' : own ? '' : 'other'}>
      <td>
        <CoefficientList recipe={point.recipe} />
      </td>
      {goals.map(({ id, unit }, i) => (
        <td key={id}>{valueText(unit, [x, y][i] ?? 0)}</td>
      ))}
      <td>{n > 0 ? n : '–'}</td>
      <td>
        {set ?? SOURCES[point.source].name}
        {!own && ', other'}
      </td>
      <td>
        <button
          type="button"
          className="flat"
          aria-label={`Use ${spokenCoefficients(point.recipe, space) || set}`}
          onClick={() => adopt(point.recipe)}
        >
          use
        </button>
        <PinPoint plotted={plotted} />
      </td>
    </tr>
  );
}
