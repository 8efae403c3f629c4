import { lazy, Suspense } from 'react';
import { showView, useFilesView } from '../../store/files/view.ts';
import { Segmented } from '../controls/segmented.tsx';
import { FitPanel } from './fit-panel.tsx';

const InspectOwn = lazy(() => import('./inspect-own.tsx'));

const VIEWS = [
  { value: 'fit', name: 'Will they merge?' },
  { value: 'inspect', name: 'Inspect', help: 'Every tensor of the models and of their merge' },
] as const;

/** What is known of the open models: whether they fit, and what is in them. */
export function Centre() {
  const view = useFilesView((state) => state.view);
  return (
    <>
      <div className="centre-views">
        <Segmented label="View" options={VIEWS} value={view} onChoose={showView} />
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
