import { lazy, Suspense } from 'react';
import { selectIsPack } from '../../store/is-pack.ts';
import { useStudio } from '../../store/studio.ts';

const PackPanel = lazy(() => import('./pack-panel.tsx'));

/** Room for what a pack tells, where the merge on the screen is one. */
export function Pack() {
  const pack = useStudio(selectIsPack);
  if (!pack) return null;
  return (
    <Suspense fallback={null}>
      <PackPanel />
    </Suspense>
  );
}
