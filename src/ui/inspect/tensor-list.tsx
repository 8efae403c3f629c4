import { type KeyboardEvent, useMemo, useRef, useState } from 'react';
import { grouped, shapeInWords } from '../../formats/in-words.ts';
import { changeOf } from '../../store/inspect/cosines.ts';
import { type Order, useLook } from '../../store/inspect/look.ts';
import type { SeenModel, Survey, TensorSurvey } from '../../store/inspect/subject.ts';
import { List } from './choosers.tsx';
import { ModelChooser } from './models.tsx';
import { figure } from './numbers.ts';
import { Spark } from './spark.tsx';

/** Height of a row in pixels, and how many beyond what is seen are drawn. */
const ROW = 44;
const MARGIN = 6;
/** Height of the list where it has more rows. */
const MOST_HEIGHT = 620;

const orders: readonly { readonly value: Order; readonly name: string }[] = [
  { value: 'place', name: 'place' },
  { value: 'relative', name: 'change, relative' },
  { value: 'change', name: 'change' },
  { value: 'norm', name: 'norm' },
];

interface Row {
  readonly survey: TensorSurvey;
  readonly norm: number | null;
  readonly change: { readonly norm: number; readonly relative: number } | null;
}

function rowsOf({ tensors, models }: Survey, model: number): readonly Row[] {
  return tensors.map((survey) => ({
    survey,
    norm: survey.models[model]?.norm ?? null,
    change: models[model]?.role === 'base' ? null : changeOf([survey], models, model),
  }));
}

function sorted(rows: readonly Row[], order: Order): readonly Row[] {
  if (order === 'place') return rows;
  const key = ({ norm, change }: Row) =>
    (order === 'norm' ? norm : order === 'change' ? change?.norm : change?.relative) ?? Number.NEGATIVE_INFINITY;
  return [...rows].sort((a, b) => key(b) - key(a));
}

interface TensorListProps {
  readonly survey: Survey;
  readonly onOpen: (tensor: string) => void;
}

/** All tensors of one model: what they are, how large, and how far from the base. Only the rows in sight are drawn. */
export function TensorList({ survey, onOpen }: TensorListProps) {
  const { search, order, set } = useLook();
  const { models } = survey;
  const [chosen, setChosen] = useState<string>();
  const shown = models.find(({ id }) => id === chosen) ?? models.find(({ role }) => role === 'merge') ?? models[0];
  const at = shown ? models.indexOf(shown) : 0;
  const rows = useMemo(() => {
    const words = search.toLowerCase().split(/\s+/);
    const all = rowsOf(survey, at).filter(({ survey: { tensor } }) =>
      words.every((word) => tensor.name.toLowerCase().includes(word)),
    );
    return sorted(all, order);
  }, [survey, at, search, order]);
  const most = Math.max(...rows.map(({ change }) => change?.relative ?? 0), 0);
  return (
    <div className="tensor-list">
      <div className="inspect-tools">
        <input
          type="search"
          className="inspect-search"
          placeholder="Find a tensor, e.g. attn"
          aria-label="Find a tensor"
          value={search}
          onChange={(event) => set({ search: event.target.value })}
        />
        {shown && <ModelChooser label="of" models={models} value={shown.id} onChoose={setChosen} />}
        <List
          name="by"
          label="Order of the tensors"
          value={order}
          onChoose={(chosen) => set({ order: orders.find(({ value }) => value === chosen)?.value ?? 'place' })}
        >
          {orders.map(({ value, name }) => (
            <option key={value} value={value}>
              {name}
            </option>
          ))}
        </List>
      </div>
      <p className="hint">
        {grouped(rows.length)} of {grouped(survey.tensors.length)} tensors,{' '}
        {grouped(rows.reduce((sum, row) => sum + sizeOf(row), 0))} weights. ‖θ‖ is the norm; Δ is ‖θ − θ₀‖ as a share of
        the base’s norm.
      </p>
      {shown && <Rows rows={rows} model={shown} at={at} most={most} onOpen={onOpen} />}
    </div>
  );
}

const sizeOf = ({ survey: { tensor } }: Row) => tensor.shape.reduce((product, side) => product * side, 1);

interface RowsProps {
  readonly rows: readonly Row[];
  readonly model: SeenModel;
  readonly at: number;
  /** The largest relative change of all. */
  readonly most: number;
  readonly onOpen: (tensor: string) => void;
}

function Rows({ rows, model, at, most, onOpen }: RowsProps) {
  const frame = useRef<HTMLDivElement>(null);
  const [top, setTop] = useState(0);
  const height = Math.min(MOST_HEIGHT, rows.length * ROW);
  const first = Math.max(0, Math.floor(top / ROW) - MARGIN);
  const last = Math.min(rows.length, Math.ceil((top + height) / ROW) + MARGIN);
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    const by = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    const now = document.activeElement?.closest<HTMLElement>('[data-row]');
    if (by === 0 || !now) return;
    event.preventDefault();
    const next = frame.current?.querySelector<HTMLElement>(`[data-row="${Number(now.dataset.row) + by}"] button`);
    next?.focus();
    next?.scrollIntoView({ block: 'nearest' });
  };
  if (rows.length === 0) return <p className="inspect-empty">No tensor has this in its name.</p>;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: arrow keys only move the focus among the buttons inside
    <div
      ref={frame}
      className="tensor-rows"
      style={{ height }}
      onScroll={(event) => setTop(event.currentTarget.scrollTop)}
      onKeyDown={onKeyDown}
    >
      <ul style={{ height: rows.length * ROW }}>
        {rows.slice(first, last).map((row, i) => {
          const { tensor, models } = row.survey;
          const stats = models[at];
          return (
            <li
              key={tensor.name}
              style={{ top: (first + i) * ROW }}
              data-row={first + i}
              data-tensor={tensor.name}
              data-norm={row.norm ?? ''}
              data-change={row.change?.norm ?? ''}
              aria-setsize={rows.length}
              aria-posinset={first + i + 1}
            >
              <button type="button" onClick={() => onOpen(tensor.name)}>
                <span className="tensor-name">{tensor.name}</span>
                <span className="tensor-shape">
                  {shapeInWords(tensor.shape)}
                  {tensor.dtype && ` · ${tensor.dtype}`}
                  {stats && stats.notNumbers > 0 && <b> · {grouped(stats.notNumbers)} not numbers</b>}
                </span>
                {stats ? <Spark stats={stats} model={model} /> : <span className="hint">not in this model</span>}
                <span className="tensor-norm" title="‖θ‖₂, the norm of the tensor">
                  {row.norm === null ? '–' : figure(row.norm)}
                </span>
                <span className="tensor-change" title="‖θ − θ₀‖ as a share of ‖θ₀‖">
                  {row.change ? `Δ ${percentOf(row.change.relative)}` : ''}
                </span>
                <i style={{ width: `${most > 0 ? (100 * (row.change?.relative ?? 0)) / most : 0}%` }} />
              </button>
            </li>
          );
        })}
      </ul>
    </div>
  );
}

const percentOf = (share: number): string =>
  Number.isFinite(share) ? `${(100 * share).toFixed(share < 0.1 ? 1 : 0)} %` : '–';
