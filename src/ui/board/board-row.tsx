import { runBoard } from '../../store/board-run.ts';
import type { BoardCell, BoardLine } from '../../store/board-views.ts';
import { useStudio } from '../../store/studio.ts';
import { percent } from '../charts/format.ts';
import { StarMark } from '../marks.tsx';
import { cellOf, type Shown } from './order.ts';
import { type Scale, Whiskers } from './whiskers.tsx';

interface BoardRowProps {
  readonly line: BoardLine;
  readonly shown: Shown;
  readonly scale: Scale;
  /** Best average of what is ranked. */
  readonly best: number;
  /** One of its merges is on the screen. */
  readonly current: boolean;
  readonly onAdopt: () => void;
}

/** A method: its name takes the ranked merge onto the screen. */
export function BoardRow({ line, shown, scale, best, current, onAdopt }: BoardRowProps) {
  const { id, name, first, tuned, failure } = line;
  const adopt = useStudio((state) => state.adopt);
  const running = useStudio((state) => state.boardNext?.entry === id);
  const cell = cellOf(line, shown) ?? first;
  const rank = cellOf(line, shown)?.rank;
  return (
    <tr data-entry={id} data-rank={rank} data-average={cell?.average ?? ''} aria-current={current ? 'true' : undefined}>
      <th scope="row">
        <button
          type="button"
          className="board-name"
          disabled={!cell}
          title={cell ? `Puts it on the screen with its ${cell === tuned ? 'tuned' : 'default'} controls` : undefined}
          onClick={() => {
            if (cell) adopt(cell.merge.recipe);
            onAdopt();
          }}
        >
          {name}
        </button>
        {current && (
          <span className="board-now">
            <StarMark size={11} />
            <span className="unseen">on the screen</span>
          </span>
        )}
        {line.pack && (
          <small className="badge" title="A network for each task, larger than one network: ranked among its like">
            pack
          </small>
        )}
        <Rank rank={rank} pack={line.pack} />
      </th>
      {failure ? (
        <td className="board-failure" colSpan={7}>
          {failure}
        </td>
      ) : (
        <>
          <td className="whisker-cell">
            {first ? (
              <Whiskers first={first} tuned={tuned} scale={scale} best={best} />
            ) : (
              running && <em>measuring …</em>
            )}
          </td>
          <td className="number">{first ? percent(first.average) : '–'}</td>
          <td className="number">{tuned ? percent(tuned.average) : <Untuned line={line} running={running} />}</td>
          <Details cell={cell} first={first} />
        </>
      )}
      <td className="board-tools">{cell && <Tools line={line} cell={cell} />}</td>
    </tr>
  );
}

interface RankProps {
  readonly rank: BoardCell['rank'] | undefined;
  readonly pack: boolean;
}

function Rank({ rank, pack }: RankProps) {
  const best = pack ? 'best pack' : 'best';
  if (rank === 'best') return <small className="rank">{best}</small>;
  if (rank === 'within noise')
    return (
      <small className="rank" title="Chance alone explains the distance">
        ≈ {best}
      </small>
    );
  return null;
}

function Details({ cell, first }: { readonly cell: BoardCell | null; readonly first: BoardCell | null }) {
  const card = useStudio((state) => state.card);
  if (!cell) return <td colSpan={4} className="number share" />;
  const { task, accuracy } = cell.worst;
  const { prepareMs, combineMs } = first?.merge ?? cell.merge;
  return (
    <>
      <td className="number worst">
        {percent(accuracy)} <small>{card?.tasks.find(({ id }) => id === task)?.name ?? task}</small>
      </td>
      <td className="number share">{percent(cell.ofExperts)}</td>
      <td
        className="number time"
        title={
          prepareMs === null ? 'Measured before it was timed' : `prepare ${ms(prepareMs)}, combine ${ms(combineMs)}`
        }
      >
        {prepareMs === null || combineMs === null ? '–' : `${ms(prepareMs)} + ${ms(combineMs)}`}
      </td>
      <td className="number n">{cell.n}</td>
    </>
  );
}

const ms = (value: number | null): string => {
  if (value === null) return '–';
  return value < 1000 ? `${value < 10 ? value.toFixed(1) : Math.round(value)} ms` : `${(value / 1000).toFixed(1)} s`;
};

function Untuned({ line, running }: { readonly line: BoardLine; readonly running: boolean }) {
  if (line.untunable !== undefined) return <small title={line.untunable}>nothing to tune</small>;
  if (line.trials > 1 || (running && line.first)) return <small>{`${line.trials} of ${line.budget}`}</small>;
  return <>–</>;
}

function Tools({ line, cell }: { readonly line: BoardLine; readonly cell: BoardCell }) {
  const pin = useStudio((state) => state.pin);
  const a = useStudio((state) => state.pins.a?.mergeId);
  const b = useStudio((state) => state.pins.b?.mergeId);
  const idle = useStudio((state) => state.boardRun === null && state.zoo.phase === 'ready');
  const { mergeId } = cell.merge;
  return (
    <>
      {(['a', 'b'] as const).map((name) => {
        const letter = name.toUpperCase();
        const pressed = (name === 'a' ? a : b) === mergeId;
        return (
          <button
            key={name}
            type="button"
            className="pin-letter"
            aria-pressed={pressed}
            aria-label={`Pin ${line.name} as ${letter}`}
            title={pressed ? `Unpin ${letter}` : `Pin as ${letter}`}
            disabled={name === 'b' && (a === undefined || a === mergeId)}
            onClick={() => pin(name, pressed ? null : cell.merge)}
          >
            {letter}
          </button>
        );
      })}
      {!line.tuned && line.untunable === undefined && (
        <button
          type="button"
          className="flat"
          disabled={!idle}
          aria-label={`Tune ${line.name}`}
          title={`The best of ${line.budget} merges on the calibration split`}
          onClick={() => runBoard({ measure: [], tune: [line.id] })}
        >
          tune
        </button>
      )}
    </>
  );
}
