import { lazy, Suspense, useState } from 'react';
import { useStudio } from '../../store/studio.ts';

const Storage = lazy(() => import('./storage.tsx'));

const names = { webgpu: 'WebGPU', wasm: 'WebAssembly', cpu: 'JavaScript' } as const;

const ms = (value: number | null) => (value === null ? '–' : `${value < 10 ? value.toFixed(1) : Math.round(value)} ms`);

/** What computes and how fast; a click tells what else was tried. */
export function DeviceChip() {
  const device = useStudio((state) => state.device);
  const [shown, setShown] = useState(false);
  const opening = useStudio((state) => state.zoo.phase === 'loading' && state.refusedLink === null);
  if (!device && !opening) return null;
  if (!device) return <span className="device-chip hint">opening …</span>;
  const { backend, evaluators, combineMs, measureMs } = device;
  const workers = evaluators > 0 ? `${evaluators} ${evaluators === 1 ? 'worker' : 'workers'}` : 'on the GPU';
  return (
    <>
      <button type="button" className="device-chip flat" popoverTarget="device-details">
        <span className="device-name">{names[backend.name]}</span>
        <span>{workers}</span>
        {combineMs !== null && <span>{ms(combineMs)} merge</span>}
        {measureMs !== null && <span>{ms(measureMs)} measure</span>}
      </button>
      <div
        id="device-details"
        className="popover"
        popover="auto"
        role="dialog"
        aria-label="Device"
        onToggle={({ newState }) => setShown(newState === 'open')}
      >
        <h2>Computing on {names[backend.name]}</h2>
        <dl>
          <dt>Last merge</dt>
          <dd>{ms(combineMs)}</dd>
          <dt>First 64 samples per task</dt>
          <dd>{ms(measureMs)}</dd>
          <dt>Evaluation</dt>
          <dd>{evaluators > 0 ? `${workers}, side by side` : 'on the same device as the merge'}</dd>
        </dl>
        {backend.passedOver.length > 0 && (
          <>
            <h3>Passed over</h3>
            <ul>
              {backend.passedOver.map(({ name, reason }) => (
                <li key={name}>
                  <b>{names[name]}</b>: {reason}
                </li>
              ))}
            </ul>
          </>
        )}
        <Suspense>{shown && <Storage />}</Suspense>
        <p className="hint">Everything is computed in this tab; weights never leave it.</p>
      </div>
    </>
  );
}
