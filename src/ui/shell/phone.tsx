import { type KeyboardEvent, useState } from 'react';
import { ExplainPanel } from '../explain/explain-panel.tsx';
import { Ingredients, LevelSwitch } from '../ingredients/ingredients.tsx';
import { Pack } from '../pack/pack.tsx';
import { ParetoPanel } from '../pareto/pareto-panel.tsx';
import { ResultKey } from '../result/result-key.tsx';
import { PinnedCard, ResultPanel } from '../result/result-panel.tsx';
import { DeviceChip } from './device.tsx';

const pages = ['Mix', 'Front', 'Why'] as const;
type Page = (typeof pages)[number];

function Tabs({ page, onChoose }: { readonly page: Page; readonly onChoose: (page: Page) => void }) {
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const by = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    const next = pages[(pages.indexOf(page) + by + pages.length) % pages.length];
    if (by === 0 || !next) return;
    event.preventDefault();
    onChoose(next);
    document.getElementById(`tab-${next}`)?.focus();
  };
  return (
    <div className="tabs" role="tablist" aria-label="Pages" onKeyDown={onKeyDown}>
      {pages.map((name) => (
        <button
          key={name}
          type="button"
          role="tab"
          id={`tab-${name}`}
          aria-selected={name === page}
          aria-controls="page"
          tabIndex={name === page ? 0 : -1}
          onClick={() => onChoose(name)}
        >
          {name}
        </button>
      ))}
    </div>
  );
}

/** One column: the result stays in view, one page at a time below it. */
export function Phone({ onMethods }: { readonly onMethods: () => void }) {
  const [page, setPage] = useState<Page>('Mix');
  return (
    <main className="phone">
      <div className="phone-head">
        <div className="phone-result">
          <ResultPanel />
        </div>
        <Tabs page={page} onChoose={setPage} />
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
      </div>
      <footer className="phone-foot">
        <LevelSwitch />
        <DeviceChip />
      </footer>
    </main>
  );
}
