import { bytesInWords, countInWords, grouped } from '../../formats/in-words.ts';
import { forgetModel } from '../../store/files/dropped.ts';
import type { FilesState, Role } from '../../store/files/state.ts';
import { useFiles } from '../../store/files/store.ts';
import { Segmented } from '../controls/segmented.tsx';
import { Icon } from '../icons.tsx';
import { BaseMark, ExpertMark } from '../marks.tsx';
import { ChooseModels } from './choose-models.tsx';

const ROLES = [
  { value: 'base', name: 'base', help: 'What the experts were trained from' },
  { value: 'expert', name: 'expert', help: 'Is merged' },
  { value: 'out', name: 'out', help: 'Stays open, and is not merged' },
] as const;
/** An adapter is a change of another model, and so no base. */
const ADAPTER_ROLES = ROLES.filter(({ value }) => value !== 'base');

/** The models that are open, with the part that each plays. */
export function ModelList() {
  const models = useFiles((state) => state.models);
  const opening = useFiles((state) => state.opening);
  return (
    <section aria-label="Models">
      <header className="section-head">
        <h2>Models</h2>
        <span className="count">{models.length}</span>
        <span className="hint">they stay in this tab</span>
      </header>
      <ul className="file-models">
        {models.map((model) => (
          <ModelCard key={model.outline.id} model={model} />
        ))}
      </ul>
      <div className="files-more">
        <ChooseModels verb="Add" />
        <span className="hint" role="status">
          {opening > 0 && 'Reading headers …'}
        </span>
      </div>
    </section>
  );
}

function ModelCard({ model }: { readonly model: FilesState['models'][number] }) {
  const { id, name, kind, tensors, bytes, vocabulary } = model.outline;
  const role = useFiles((state) => state.roles[id] ?? 'out');
  const place = useFiles((state) => state.recipe.experts.indexOf(id));
  const choose = useFiles((state) => state.roleChosen);
  const said = useFiles((state) =>
    state.check.phase === 'checked' ? state.check.checked.fit.models.find((one) => one.id === id) : undefined,
  );
  const facts = [
    said?.architecture.name ?? (kind === 'adapter' ? 'LoRA adapter' : undefined),
    kind === 'weights' && `${countInWords(parametersOf(model))} parameters`,
    kind === 'adapter' && rankInWords(model.outline.config),
    dtypesOf(tensors),
    bytesInWords(bytes),
    vocabulary && `${grouped(vocabulary.tokens)} tokens`,
    model.files.length > 1 && `${model.files.length} shards`,
  ].filter(Boolean);
  return (
    <li className="file-model" data-role={role}>
      {role === 'base' ? <BaseMark /> : <ExpertMark index={Math.max(0, place)} hollow={role === 'out'} />}
      <span className="model-name" title={name}>
        {name}
      </span>
      <button type="button" className="flat-icon" aria-label={`Close ${name}`} onClick={() => forgetModel(id)}>
        <Icon name="close" size={12} />
      </button>
      <p className="hint">{facts.join(' · ')}</p>
      <Segmented<Role>
        label={`Part of ${name}`}
        options={kind === 'adapter' ? ADAPTER_ROLES : ROLES}
        value={role}
        onChoose={(next) => choose(id, next)}
      />
    </li>
  );
}

const parametersOf = ({ outline }: FilesState['models'][number]) =>
  outline.tensors.reduce((sum, { shape }) => sum + shape.reduce((product, side) => product * side, 1), 0);

/** Of most weights first. */
function dtypesOf(tensors: FilesState['models'][number]['outline']['tensors']): string {
  const counts = new Map<string, number>();
  for (const { dtype, shape } of tensors)
    counts.set(dtype, (counts.get(dtype) ?? 0) + shape.reduce((product, side) => product * side, 1));
  return [...counts]
    .sort(([, a], [, b]) => b - a)
    .slice(0, 2)
    .map(([dtype]) => dtype)
    .join(', ');
}

/** What adapter_config.json says of the rank, and of the model that it belongs to. */
function rankInWords(config: unknown): string {
  if (typeof config !== 'object' || config === null) return '';
  const rank = 'r' in config && typeof config.r === 'number' ? `rank ${config.r}` : '';
  const base =
    'base_model_name_or_path' in config && typeof config.base_model_name_or_path === 'string'
      ? `for ${config.base_model_name_or_path}`
      : '';
  return [rank, base].filter(Boolean).join(' ');
}
