import { type MouseEvent, type ReactNode, Suspense, useId, useState } from 'react';
import { Icon } from '../icons.tsx';

export interface Fold {
  readonly id: string;
  readonly name: string;
  /** Made, and its script loaded, only while it is open. */
  readonly body: ReactNode;
}

/** What can be asked for below the plot: one row of names, and under it what is open, in their order. */
export function Folds({ folds }: { readonly folds: readonly Fold[] }) {
  const [open, setOpen] = useState<readonly string[]>([]);
  const prefix = useId();
  const toggle = (event: MouseEvent<HTMLElement>, id: string) => {
    const now = open.includes(id) ? open.filter((other) => other !== id) : [...open, id];
    holdPlot(event.currentTarget, now.length > 0);
    setOpen(now);
  };
  return (
    <>
      <div className="fold-names">
        {folds.map(({ id, name }) => (
          <button
            key={id}
            type="button"
            className="flat"
            data-fold={id}
            aria-expanded={open.includes(id)}
            aria-controls={`${prefix}${id}`}
            onClick={(event) => toggle(event, id)}
          >
            {name} <Icon name="chevron" size={12} />
          </button>
        ))}
      </div>
      {folds.map(({ id, body }) => (
        <div key={id} id={`${prefix}${id}`} className="fold" hidden={!open.includes(id)}>
          {open.includes(id) && <Suspense fallback={<p className="hint">loading …</p>}>{body}</Suspense>}
        </div>
      ))}
    </>
  );
}

/** What opens below the plot pushes the page down: it neither squeezes the plot nor moves what was clicked. */
function holdPlot(from: HTMLElement, held: boolean): void {
  const panel = from.closest<HTMLElement>('.pareto');
  const height = panel?.querySelector('.plot')?.getBoundingClientRect().height;
  if (!held) panel?.style.removeProperty('--plot-height');
  else if (height !== undefined && !panel?.style.getPropertyValue('--plot-height'))
    panel?.style.setProperty('--plot-height', `${height}px`);
}
