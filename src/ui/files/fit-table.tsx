import { type UIEvent, useMemo, useRef, useState } from 'react';
import { shapeInWords } from '../../formats/in-words.ts';
import type { Checked } from '../../store/files/state.ts';
import { BaseMark, ExpertMark } from '../marks.tsx';
import { useWidth } from '../use-width.ts';
import { fateInWords, reasonsOf } from './fates.ts';
import { heightOf, type Measures, windowOf } from './row-heights.ts';
import './fit-table.css';

type Fit = Checked['fit'];

/** Below this width a row is a card: its models stand in a line of their own. */
const NARROW = 560;
/** Of a model's column, as in fit-table.css. */
const COLUMN = 48;
/** Left and right of a row. */
const SIDES = 24;

interface FitTableProps {
  readonly fit: Fit;
  /** Those that are shown. */
  readonly rows: Fit['rows'];
}

/** Tensor × model, with a mark, what happens to the tensor, and the reason in words where something does not fit. */
export function FitTable({ fit, rows }: FitTableProps) {
  const { models } = fit;
  const frame = useRef<HTMLElement>(null);
  const width = useWidth(frame);
  const [top, setTop] = useState(0);
  const isNarrow = width > 0 && width < NARROW;
  const heights = useMemo(() => {
    const measures: Measures = { width: width - SIDES - (isNarrow ? 0 : COLUMN * models.length), isNarrow };
    return rows.map((row) => heightOf([row.name, ...reasonsOf(row)], measures));
  }, [rows, models.length, width, isNarrow]);
  const { from, to, above, below } = windowOf(heights, top);
  const onScroll = (event: UIEvent<HTMLElement>) => setTop(event.currentTarget.scrollTop);
  return (
    <>
      <ul className="fit-legend" aria-label="Models of the table">
        {models.map((model, i) => (
          <li key={model.id}>
            <ModelMark models={models} at={i} /> {model.name}
          </li>
        ))}
      </ul>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by the keyboard. */}
      <section ref={frame} className="fit-scroll" onScroll={onScroll} tabIndex={0} aria-label="Tensors">
        <table className="fit-table" aria-rowcount={rows.length + 1} data-narrow={isNarrow}>
          <thead>
            <tr>
              <th scope="col">Tensor, and what happens to it</th>
              {models.map(({ id, name, part }, i) => (
                <th key={id} scope="col" title={`${name} (${part})`}>
                  <ModelMark models={models} at={i} />
                  <span className="unseen">{name}</span>
                </th>
              ))}
            </tr>
          </thead>
          <tbody style={{ paddingTop: above, paddingBottom: below }}>
            {rows.slice(from, to).map((row, i) => (
              <Row key={row.name} row={row} place={from + i} height={heights[from + i] ?? 0} fit={fit} />
            ))}
          </tbody>
        </table>
      </section>
    </>
  );
}

/** As in the list of models. */
function ModelMark({ models, at }: { readonly models: Fit['models']; readonly at: number }) {
  if (models[at]?.part === 'base') return <BaseMark />;
  return <ExpertMark index={models[0]?.part === 'base' ? at - 1 : at} />;
}

interface RowProps {
  readonly row: Fit['rows'][number];
  /** Counted from 0. */
  readonly place: number;
  readonly height: number;
  readonly fit: Fit;
}

function Row({ row, place, height, fit }: RowProps) {
  const { models } = fit;
  const { name, shape, cells, fate } = row;
  const reasons = reasonsOf(row);
  const dtype = cells.find((cell) => cell.dtype !== null)?.dtype;
  return (
    <tr aria-rowindex={place + 2} data-fate={fate.kind} style={{ height }}>
      <th scope="row">
        <span className="tensor-name">{name}</span>
        <span className="facts">
          {shapeInWords(shape)} · {dtype} · <b>{fateInWords(fate, fit)}</b>
        </span>
        {reasons.map((reason) => (
          <span key={reason} className="reason">
            {reason}
          </span>
        ))}
      </th>
      {cells.map((cell, i) => (
        <td
          // biome-ignore lint/suspicious/noArrayIndexKey: cells are the models' in their order.
          key={i}
          className={cell.fits ? 'fits' : 'bad'}
          title={[
            models[i]?.name,
            cell.tensor,
            cell.shape && shapeInWords(cell.shape),
            cell.dtype,
            cell.reason || (cell.fits ? 'fits' : ''),
          ]
            .filter(Boolean)
            .join(' · ')}
        >
          <span className="cell-mark" aria-hidden="true">
            <ModelMark models={models} at={i} />
          </span>
          {cell.fits ? '✓' : '✗'}
          {cell.dtype !== null && cell.dtype !== dtype && <small>{cell.dtype}</small>}
        </td>
      ))}
    </tr>
  );
}
