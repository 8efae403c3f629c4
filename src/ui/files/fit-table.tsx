import { type UIEvent, useState } from 'react';
import type { Checked } from '../../store/files/state.ts';
import { shapeInWords } from './units.ts';

type Fit = Checked['fit'];

/** Of every row, in CSS pixels: only those in view are drawn. */
const ROW = 28;
/** Rows drawn beyond the edges, for quick scrolling. */
const SPARE = 12;
/** Rows that the table shows before it scrolls. */
const MOST_SHOWN = 16;

interface FitTableProps {
  readonly models: Fit['models'];
  readonly rows: Fit['rows'];
}

/** Tensor × model, with a mark, and the reason in words where something does not fit. */
export function FitTable({ models, rows }: FitTableProps) {
  const [top, setTop] = useState(0);
  const first = Math.min(Math.max(0, Math.floor(top / ROW) - SPARE), Math.max(0, rows.length - 1));
  const shown = rows.slice(first, first + MOST_SHOWN + 2 * SPARE);
  const below = rows.length - first - shown.length;
  const onScroll = (event: UIEvent<HTMLElement>) => setTop(event.currentTarget.scrollTop);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by the keyboard.
    <section className="fit-scroll" onScroll={onScroll} tabIndex={0} aria-label="Tensors">
      <table className="fit-table" aria-rowcount={rows.length + 1} style={{ minWidth: 580 + 90 * models.length }}>
        <colgroup>
          <col className="tensor" />
          <col className="shape" />
          {models.map(({ id }) => (
            <col key={id} className="model-column" />
          ))}
          <col />
        </colgroup>
        <thead>
          <tr>
            <th scope="col">Tensor</th>
            <th scope="col">Shape</th>
            {models.map(({ id, name, part }) => (
              <th key={id} scope="col" title={`${name} (${part})`}>
                {name}
              </th>
            ))}
            <th scope="col">What happens</th>
          </tr>
        </thead>
        <tbody>
          {first > 0 && <tr style={{ height: first * ROW }} />}
          {shown.map((row, i) => (
            <Row key={row.name} row={row} place={first + i} />
          ))}
          {below > 0 && <tr style={{ height: below * ROW }} />}
        </tbody>
      </table>
    </section>
  );
}

function Row({ row, place }: { readonly row: Fit['rows'][number]; readonly place: number }) {
  const { name, shape, cells, fate } = row;
  const reasons = [...new Set(cells.map(({ reason }) => reason).filter(Boolean))];
  const words = [fateInWords(fate), ...reasons].filter(Boolean).join('; ');
  return (
    <tr aria-rowindex={place + 2} data-fate={fate.kind}>
      <th scope="row" title={name}>
        {name}
      </th>
      <td>{shapeInWords(shape)}</td>
      {cells.map((cell, i) => (
        <td
          // biome-ignore lint/suspicious/noArrayIndexKey: cells are the models' in their order.
          key={i}
          className={cell.fits ? 'fits' : 'bad'}
          title={[cell.tensor, cell.shape && shapeInWords(cell.shape), cell.dtype, cell.reason]
            .filter(Boolean)
            .join(' · ')}
        >
          {cell.fits ? '✓' : '✗'} {cell.dtype}
        </td>
      ))}
      <td title={words}>{words}</td>
    </tr>
  );
}

function fateInWords(fate: Fit['rows'][number]['fate']): string {
  switch (fate.kind) {
    case 'merge':
      return 'merged';
    case 'copy':
      return `copied: ${fate.because}`;
    case 'left out':
      return `left out: ${fate.because}`;
    case 'open':
      return 'to be decided above';
  }
}
