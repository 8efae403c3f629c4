import { lazy, Suspense, useEffect, useState } from 'react';
import { useStudio } from '../../store/studio.ts';
import { ExplainPanel } from '../explain/explain-panel.tsx';
import { Icon } from '../icons.tsx';
import { Ingredients } from '../ingredients/ingredients.tsx';
import { Pack } from '../pack/pack.tsx';
import { ParetoPanel } from '../pareto/pareto-panel.tsx';
import { ResultPanel } from '../result/result-panel.tsx';
import { TabList } from './tab-list.tsx';
import { useMedia } from './use-media.ts';

// Nobody looks inside on a first visit.
const LiveInspect = lazy(() => import('../inspect/live.tsx'));

const tabs = ['Why', 'Inspect'] as const;

/** Three columns: what goes in, what comes out, and why. */
export function Desktop({ onMethods }: { readonly onMethods: () => void }) {
  const wide = useMedia('(min-width: 1281px)');
  const inspecting = useStudio((state) => state.view?.level === 'inspect');
  const [chosen, setChosen] = useState<boolean | null>(null);
  const [tab, setTab] = useState<(typeof tabs)[number]>('Why');
  const open = chosen ?? wide;
  useEffect(() => {
    setTab(inspecting ? 'Inspect' : 'Why');
    if (inspecting) setChosen(true);
  }, [inspecting]);
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
        {open && <TabList label="Why and what is inside" tabs={tabs} shown={tab} panel="why" onChoose={setTab} />}
        <div id="why" hidden={!open} {...(open && { role: 'tabpanel', 'aria-labelledby': `tab-${tab}` })}>
          {open && tab === 'Why' && <ExplainPanel />}
          <Suspense>{open && tab === 'Inspect' && <LiveInspect />}</Suspense>
        </div>
      </aside>
    </div>
  );
}
