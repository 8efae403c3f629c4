import { lazy, Suspense, useState } from 'react';
import { Segmented } from '../controls/segmented.tsx';
import { FitPanel } from './fit-panel.tsx';

const InspectOwn = lazy(() => import('./inspect-own.tsx'));

const VIEWS = [
  { value: 'fit', name: 'Will they merge?' },
  { value: 'inspect', name: 'Inspect', help: 'Every tensor of the models and of their merge' },
] as const;

/** What is known of the open models: whether they fit, and what is in them. */
export function Centre() {
  const [view, setView] = useState<'fit' | 'inspect'>('fit');
  return (
    <>
      <div className="centre-views">
        <Segmented label="View" options={VIEWS} value={view} onChoose={setView} />
      </div>
      {view === 'fit' ? (
        <FitPanel />
      ) : (
        <Suspense fallback={<p className="hint">Opening …</p>}>
          <InspectOwn />
        </Suspense>
      )}
    </>
  );
}
