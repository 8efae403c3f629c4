import { Suspense, useState } from 'react';
import { Icon } from '../icons.tsx';
import { findMethod, type Step } from './methods.ts';
import type { Mix } from './mix.ts';

/** What of the merge differs from layer to layer, and the way to change it. */
export function PerLayer({ step, mix: { see, Curves } }: { readonly step: Step; readonly mix: Mix }) {
  const [open, setOpen] = useState(false);
  const method = findMethod(step.method);
  const { curves, filter } = step;
  if (method?.kind !== 'merge' || method.changesDepth || (see && !curves && !filter && !open)) return null;
  const told = [...(curves ? ['curves'] : []), ...(filter ? ['filter'] : [])].join(', ');
  return (
    <section className="per-layer" aria-label="Per layer">
      <button type="button" className="flat" aria-expanded={open} onClick={() => setOpen(!open)}>
        <Icon name={open ? 'chevron' : 'right'} size={12} /> per layer
        {told !== '' && <span className="hint">{told}</span>}
      </button>
      {open && (
        <Suspense fallback={<p className="hint">Loading the editor …</p>}>
          <Curves />
        </Suspense>
      )}
    </section>
  );
}
