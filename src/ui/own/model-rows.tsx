import {
  changeExpert,
  chooseAttentionHeads,
  chooseBase,
  type ExpertChoice,
  type Found,
  useOwn,
} from '../../store/own/own-family.ts';

/** Which file is the base, which are experts, and what each expert is measured on. */
export function ModelRows({ found }: { readonly found: Found }) {
  const { base, experts, report } = useOwn();
  const on = experts.filter((expert) => expert.on);
  const about = found.models.find(({ path }) => path === base);
  return (
    <>
      <label className="own-base">
        <span>Base</span>
        <select value={base} onChange={(event) => chooseBase(event.currentTarget.value)}>
          {found.models.map(({ path, name }) => (
            <option key={path} value={path}>
              {name}
            </option>
          ))}
        </select>
        <span className="hint">{about?.about}</span>
      </label>
      {about?.attention && <AttentionHeads {...about.attention} />}
      {about && about.notes.length > 0 && <p className="hint">{about.notes.join(' ')}</p>}
      <ul className="own-experts" aria-label="Experts">
        {experts.map((expert) => (
          <ExpertRow key={expert.path} expert={expert} found={found} told={report?.experts[on.indexOf(expert)]} />
        ))}
      </ul>
    </>
  );
}

/** What no weight tells: how many heads share the width. Only numbers that divide it can be chosen. */
function AttentionHeads({ assumed, possible }: { readonly assumed: number; readonly possible: readonly number[] }) {
  const chosen = useOwn((state) => state.attentionHeads);
  return (
    <label className="own-base">
      <span>Attention heads</span>
      <select value={chosen ?? assumed} onChange={(event) => chooseAttentionHeads(Number(event.currentTarget.value))}>
        {possible.map((count) => (
          <option key={count} value={count}>
            {count}
          </option>
        ))}
      </select>
      <span className="hint">
        {chosen === null
          ? `The files do not tell: ${assumed} is assumed. With another number than in training every answer is wrong.`
          : 'As you chose; the files do not tell.'}
      </span>
    </label>
  );
}

interface ExpertRowProps {
  readonly expert: ExpertChoice;
  readonly found: Found;
  readonly told: { readonly samples: number; readonly notes: readonly string[] } | undefined;
}

function ExpertRow({ expert: { path, on, task, data }, found, told }: ExpertRowProps) {
  const name = found.models.find((model) => model.path === path)?.name ?? path;
  return (
    <li>
      <label className="own-name">
        <input
          type="checkbox"
          checked={on}
          onChange={(event) => changeExpert(path, { on: event.currentTarget.checked })}
        />
        <span title={path}>{name}</span>
      </label>
      <Pick label={`Task of ${name}`} value={task} onPick={(next) => changeExpert(path, { task: next })}>
        {found.tasks.map((each) => ({ value: each, name: `task ${each}` }))}
      </Pick>
      <Pick label={`Data of ${name}`} value={data} onPick={(next) => changeExpert(path, { data: next })}>
        {found.data.map((each) => ({ value: each.id, name: `${each.name} (${KINDS[each.kind]})` }))}
      </Pick>
      {told && (
        <p className="hint own-told">
          {told.samples.toLocaleString('en')} samples. {told.notes.join(' ')}
        </p>
      )}
    </li>
  );
}

const KINDS = { idx: 'IDX', table: 'CSV', text: 'text', images: 'pictures' } as const;

interface PickProps {
  readonly label: string;
  readonly value: string;
  readonly onPick: (value: string) => void;
  readonly children: readonly { readonly value: string; readonly name: string }[];
}

function Pick({ label, value, onPick, children }: PickProps) {
  return (
    <select aria-label={label} value={value} onChange={(event) => onPick(event.currentTarget.value)}>
      {value === '' && <option value="">choose …</option>}
      {children.map((each) => (
        <option key={each.value} value={each.value}>
          {each.name}
        </option>
      ))}
    </select>
  );
}
