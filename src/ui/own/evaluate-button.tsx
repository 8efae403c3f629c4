import { evaluateModels } from '../../store/own/from-models.ts';

/** From the screen of own models to their measurement on own data. */
export function EvaluateButton() {
  return (
    <div className="evaluate">
      <button type="button" className="plain" onClick={() => void evaluateModels()}>
        Evaluate with your own data …
      </button>
      <p className="hint">Small networks, measured live.</p>
    </div>
  );
}
