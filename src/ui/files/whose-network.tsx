import { nameOf, networkOf } from '../../store/files/asked.ts';
import { useFiles } from '../../store/files/store.ts';

/** Of methods that give one network for each expert a file holds one. */
export function WhoseNetwork() {
  const chosen = useFiles(networkOf);
  const experts = useFiles((state) => state.recipe.experts);
  const models = useFiles((state) => state.models);
  const choose = useFiles((state) => state.networkChosen);
  if (chosen === null) return null;
  return (
    <label className="choice">
      <span>Network for</span>
      <select value={chosen} onChange={(event) => choose(event.currentTarget.value)}>
        {experts.map((id) => (
          <option key={id} value={id}>
            {nameOf({ models }, id)}
          </option>
        ))}
      </select>
      <span className="hint">This method gives one network for each expert; a file holds one of them.</span>
    </label>
  );
}
