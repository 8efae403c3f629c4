import { useState } from 'react';
import { ExplainPanel } from '../explain/explain-panel.tsx';
import { Icon } from '../icons.tsx';
import { Ingredients } from '../ingredients/ingredients.tsx';
import { Pack } from '../pack/pack.tsx';
import { ParetoPanel } from '../pareto/pareto-panel.tsx';
import { ResultPanel } from '../result/result-panel.tsx';
import { useMedia } from './use-media.ts';

/** Three columns: what goes in, what comes out, and why. */
export function Desktop({ onMethods }: { readonly onMethods: () => void }) {
  const wide = useMedia('(min-width: 1281px)');
  const [chosen, setChosen] = useState<boolean | null>(null);
  const open = chosen ?? wide;
  return (
    <div className="desktop" data-why={open ? 'open' : 'closed'}>
      <div className="column left">
        <Ingredients phone={false} onMethods={onMethods} />
      </div>
      <main className="column centre">
        <ResultPanel />
        <Pack />
        <ParetoPanel />
      </main>
      <aside className="column right" aria-label="Why">
        <button
          type="button"
          className="why-toggle"
          aria-expanded={open}
          aria-controls="why"
          title={open ? 'Fold away' : 'Why does this happen?'}
          onClick={() => setChosen(!open)}
        >
          <span>Why</span>
          <Icon name={open ? 'right' : 'left'} />
        </button>
        <div id="why" hidden={!open}>
          {open && <ExplainPanel />}
        </div>
      </aside>
    </div>
  );
}
