import { type UIEvent, useState } from 'react';
import type { Checked } from '../../client/protocol.ts';
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
  const height = Math.min(MOST_SHOWN, rows.length) * ROW;
  const first = Math.max(0, Math.floor(top / ROW) - SPARE);
  const shown = rows.slice(first, first + MOST_SHOWN + 2 * SPARE);
  const onScroll = (event: UIEvent<HTMLDivElement>) => setTop(event.currentTarget.scrollTop);
  const columns = `minmax(200px, 2fr) minmax(96px, 1fr) repeat(${models.length}, minmax(84px, 0.6fr)) minmax(180px, 2fr)`;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by the keyboard.
    <div className="fit-scroll" onScroll={onScroll} tabIndex={0} role="region" aria-label="Tensors">
      <div
        className="fit-table"
        role="table"
        aria-label="Tensors by model"
        aria-rowcount={rows.length + 1}
        style={{ '--columns': columns, minHeight: height + ROW } as React.CSSProperties}
      >
        <div className="fit-row head" role="row">
          <span role="columnheader">Tensor</span>
          <span role="columnheader">Shape</span>
          {models.map(({ id, name, part }) => (
            <span key={id} role="columnheader" title={`${name} (${part})`}>
              {name}
            </span>
          ))}
          <span role="columnheader">What happens</span>
        </div>
        <div style={{ height: rows.length * ROW, position: 'relative' }} role="rowgroup">
          {shown.map((row, i) => (
            <Row key={row.name} row={row} place={first + i} />
          ))}
        </div>
      </div>
    </div>
  );
}

function Row({ row, place }: { readonly row: Fit['rows'][number]; readonly place: number }) {
  const { name, shape, cells, fate } = row;
  const reasons = [...new Set(cells.map(({ reason }) => reason).filter(Boolean))];
  const words = [fateInWords(fate), ...reasons].filter(Boolean).join('; ');
  return (
    <div className="fit-row" role="row" aria-rowindex={place + 2} style={{ top: place * ROW }} data-fate={fate.kind}>
      <span role="cell" title={name}>
        {name}
      </span>
      <span role="cell">{shapeInWords(shape)}</span>
      {cells.map((cell, i) => (
        <span
          key={`${i}-${cell.tensor}`}
          role="cell"
          className={cell.fits ? 'fits' : 'bad'}
          title={[cell.tensor, cell.shape && shapeInWords(cell.shape), cell.dtype, cell.reason].filter(Boolean).join(' · ')}
        >
          {cell.fits ? '✓' : '✗'} {cell.dtype}
        </span>
      ))}
      <span role="cell" title={words}>
        {words}
      </span>
    </div>
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
