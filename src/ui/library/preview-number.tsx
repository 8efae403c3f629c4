import { selectMeasuredMethod, selectPreviewFailed } from '../../store/preview.ts';
import { useStudio } from '../../store/studio.ts';
import { percent } from '../charts/format.ts';
import type { Entry } from '../ingredients/methods.ts';

/** Mean accuracy of a method with its defaults over the mix, once it has been measured; its place is kept until then. */
export function PreviewNumber({ entry: { id, steps } }: { readonly entry: Entry }) {
  const measured = useStudio((state) => selectMeasuredMethod(state, id));
  const asked = useStudio((state) => state.preview?.id === id);
  const failed = useStudio((state) => selectPreviewFailed(state, id));
  return (
    <span className="preview" aria-live={asked ? 'polite' : undefined} data-n={measured?.n}>
      {measured && (
        <>
          <b>{percent(measured.mean)} %</b>{' '}
          <span title="95 % interval of the mean over the tasks">
            {percent(measured.interval.low)} to {percent(measured.interval.high)}
          </span>
          <small>measured on {measured.n} images per task</small>
        </>
      )}
      {!measured && !asked && steps.some(({ needs }) => needs.gradients) && (
        <small>trains first: no quick preview</small>
      )}
      {!measured && asked && <small>{failed ? 'its defaults cannot merge this mix' : 'measuring …'}</small>}
    </span>
  );
}
