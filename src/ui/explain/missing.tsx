import { openHandbook } from '../../store/handbook.ts';

/** The texts could not be fetched: everything else works without them. */
export function Missing() {
  return (
    <div className="missing" role="alert">
      <p>The explanations could not be loaded: the connection was lost, or the page was renewed meanwhile.</p>
      <button type="button" className="plain" onClick={() => void openHandbook()}>
        Try again
      </button>
    </div>
  );
}
