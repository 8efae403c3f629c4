import { useHandbook } from '../../store/handbook.ts';
import { short } from '../../store/sentence.ts';
import { useStudio } from '../../store/studio.ts';
import { ExpertMark } from '../marks.tsx';
import type { Setting } from './numbers.ts';

/** Letter, name and present value of every control, so that the formula can be read without the sliders. */
export function SettingList({
  method,
  settings,
  experts,
}: {
  readonly method: string;
  readonly settings: readonly Setting[];
  readonly experts: readonly string[];
}) {
  const help = useHandbook(({ methods }) => methods[method]?.controls);
  if (settings.length === 0) return null;
  return (
    <ul className="setting-list">
      {settings.map((setting) => (
        <li key={setting.key} title={help?.[setting.key]?.help}>
          <b>{setting.control.symbol}</b> {setting.control.name} <Value setting={setting} experts={experts} />
        </li>
      ))}
    </ul>
  );
}

function Value({ setting, experts }: { readonly setting: Setting; readonly experts: readonly string[] }) {
  const card = useStudio((state) => state.card);
  const { control, value } = setting;
  if (typeof value === 'object') {
    const groups = Math.max(1, Math.floor(value.length / Math.max(1, experts.length)));
    return experts.map((id, i) => (
      <span key={id} className="expert-value" title={id}>
        <ExpertMark index={card?.experts.findIndex((expert) => expert.id === id) ?? 0} size={11} />
        {value
          .slice(i * groups, (i + 1) * groups)
          .map(short)
          .join('/')}
      </span>
    ));
  }
  if (control.kind === 'choice')
    return <span>{control.options.find((option) => option.value === value)?.name ?? value}</span>;
  return <span>{typeof value === 'number' && !control.integer ? small(value) : value}</span>;
}

/** Two decimals are too few for a learning rate. */
const small = (value: number) => (value !== 0 && Math.abs(value) < 0.01 ? String(value) : short(value));
