import { lazy, Suspense, useState } from 'react';
import { ExplainPanel } from '../explain/explain-panel.tsx';
import { Ingredients, LevelSwitch } from '../ingredients/ingredients.tsx';
import { Pack } from '../pack/pack.tsx';
import { ParetoPanel } from '../pareto/pareto-panel.tsx';
import { ResultKey } from '../result/result-key.tsx';
import { PinnedCard, ResultPanel } from '../result/result-panel.tsx';
import { DeviceChip } from './device.tsx';
import { TabList } from './tab-list.tsx';

const LiveInspect = lazy(() => import('../inspect/live.tsx'));

const pages = ['Mix', 'Front', 'Why', 'Inspect'] as const;
type Page = (typeof pages)[number];

/** One column: the result stays in view, one page at a time below it. */
export function Phone({ onMethods }: { readonly onMethods: () => void }) {
  const [page, setPage] = useState<Page>('Mix');
  return (
    <main className="phone">
      <div className="phone-head">
        <div className="phone-result">
          <ResultPanel />
        </div>
        <TabList label="Pages" tabs={pages} shown={page} panel="page" onChoose={setPage} />
      </div>
      <div id="page" className="phone-page" role="tabpanel" aria-labelledby={`tab-${page}`}>
        {page === 'Mix' && <PinnedCard />}
        {page === 'Mix' && <Ingredients phone onMethods={onMethods} />}
        {page === 'Front' && (
          <>
            <Pack />
            <ParetoPanel />
          </>
        )}
        {page === 'Why' && (
          <>
            <ExplainPanel />
            {/* Here rather than in the card above, whose height the sliders need. */}
            <ResultKey />
          </>
        )}
        <Suspense>{page === 'Inspect' && <LiveInspect />}</Suspense>
      </div>
      <footer className="phone-foot">
        <LevelSwitch />
        <DeviceChip />
      </footer>
    </main>
  );
}
