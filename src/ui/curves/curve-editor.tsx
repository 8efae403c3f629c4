import { type ComponentProps, useRef, useState } from 'react';
import {
  type Curves,
  curvesOf,
  FACTOR_SCALE,
  type Group,
  groupFactor,
  pointName,
  type Shapeable,
  shapeableOf,
  strengthOf,
  withGroupFactor,
  withStrength,
} from '../../store/curve-shapes.ts';
import type { StudioState } from '../../store/state.ts';
import { ControlRow } from '../controls/control-row.tsx';
import { Segmented } from '../controls/segmented.tsx';
import { expertColour } from '../experts.ts';
import { ExpertMark } from '../marks.tsx';
import { useMedia } from '../shell/use-media.ts';
import { CurvePlot } from './curve-plot.tsx';
import './curves.css';
import { FilterEditor } from './filter.tsx';
import { Presets } from './presets.tsx';

type Recipe = NonNullable<StudioState['recipe']>;

/** A recipe and the network that it is for, wherever they come from. */
export interface Curved {
  readonly recipe: Recipe;
  /** Curves have one point for each block at first. */
  readonly blocks: number;
  /** All tensors that could be merged. */
  readonly table: ComponentProps<typeof FilterEditor>['table'];
  /** How an expert is called, and which mark and colour it has. */
  readonly expert: (id: string) => { readonly name: string; readonly index: number };
  readonly onCurves: StudioState['setCurves'];
  readonly onFilter: StudioState['setFilter'];
}

const GROUPS: readonly (readonly [Group, string])[] = [
  ['attention', 'attention'],
  ['mlp', 'MLP'],
  ['norm', 'norms'],
  ['embedding', 'embeddings'],
];
const STRENGTH = { min: 0, max: 1, step: 0.05, default: 1 } as const;
const NO_FILTER = { without: [], names: '' } as const;

/** What of the merge differs over depth: curves of the coefficients, factors of groups, and which tensors are merged at all. */
export default function CurveEditor(curved: Curved) {
  const { recipe, table, onFilter } = curved;
  const [key, setKey] = useState<string>();
  const phone = useMedia('(max-width: 720px)');
  const controls = shapeableOf(recipe);
  const control = controls.find((one) => one.key === key) ?? controls[0];
  const filter = recipe.chain.find((step) => step.filter)?.filter ?? NO_FILTER;
  return (
    <div className="curve-editor">
      {controls.length > 1 && control && (
        <Segmented
          label="What the curves scale"
          options={controls.map((one) => ({ value: one.key, name: `${one.symbol} ${one.name}` }))}
          value={control.key}
          onChoose={setKey}
        />
      )}
      {control && <ControlCurves key={control.key} curved={curved} control={control} phone={phone} />}
      {!phone && <FilterEditor filter={filter} table={table} onSet={onFilter} />}
    </div>
  );
}

interface ControlCurvesProps {
  readonly curved: Curved;
  readonly control: Shapeable;
  readonly phone: boolean;
}

/** The curves of one control: of all experts together, or of one. */
function ControlCurves({ curved, control, phone }: ControlCurvesProps) {
  const { recipe, blocks, expert: known, onCurves } = curved;
  const [expert, setExpert] = useState('');
  const curves = curvesOf(recipe, control, blocks);
  const one = control.perExpert ? recipe.experts.indexOf(expert) : -1;
  const whose = one >= 0 ? [one] : [...curves.keys()];
  const owner = one >= 0 ? expert : control.perExpert ? 'all experts' : control.name;
  const colours = control.perExpert ? recipe.experts.map((id) => expertColour(known(id).index)) : ['var(--ink)'];
  const points = curves[0]?.points.length ?? 1;
  const set = (next: Curves, live: boolean) => onCurves(control.key, next, live);
  return (
    <>
      {control.perExpert && recipe.experts.length > 1 && (
        <fieldset className="curve-owners" aria-label="Whose curve">
          <button type="button" className="owner" aria-pressed={one < 0} onClick={() => setExpert('')}>
            all
          </button>
          {recipe.experts.map((id) => (
            <button
              key={id}
              type="button"
              className="owner"
              aria-pressed={id === expert}
              aria-label={`only ${id}`}
              title={known(id).name}
              onClick={() => setExpert(id === expert ? '' : id)}
            >
              <ExpertMark index={known(id).index} />
            </button>
          ))}
        </fieldset>
      )}
      {!phone && (
        <CurvePlot
          curves={curves}
          colours={colours}
          whose={whose}
          owner={owner}
          names={Array.from({ length: points }, (_, k) => pointName(k, points, blocks))}
          onMove={set}
        />
      )}
      <Presets curves={curves} whose={whose} onChoose={(next) => set(next, false)} />
      <Strength curves={curves} whose={whose} owner={owner} onMove={set} />
      {GROUPS.map(([group, name]) => (
        <ControlRow
          key={group}
          label={`× ${name}, ${owner}`}
          inWords={`factor of ${name} for ${owner}`}
          title={<span className="muted">× {name}</span>}
          value={groupFactor(curves, whose, group)}
          scale={FACTOR_SCALE}
          colour="var(--faint)"
          onMove={(value, live) => set(withGroupFactor(curves, whose, group, value), live)}
        />
      ))}
    </>
  );
}

interface StrengthProps {
  readonly curves: Curves;
  readonly whose: readonly number[];
  readonly owner: string;
  readonly onMove: (curves: Curves, live: boolean) => void;
}

/** How far the shape goes from 1. It is remembered, so that a strength of 0 can be taken back. */
function Strength({ curves, whose, owner, onMove }: StrengthProps) {
  const shape = useRef<Curves>(curves);
  const taken = useRef<Curves | null>(null);
  const now = strengthOf(curves, whose);
  const move = (wanted: number, live: boolean) => {
    if (!taken.current && now > 0) shape.current = curves;
    taken.current ??= curves.map((curve, i) => (whose.includes(i) ? (shape.current[i] ?? curve) : curve));
    const next = withStrength(taken.current, whose, wanted);
    if (!live) taken.current = null;
    onMove(next, live);
  };
  return (
    <ControlRow
      label={`strength, ${owner}`}
      inWords={`strength of the shape for ${owner}`}
      title={<span className="muted">strength of the shape</span>}
      value={now}
      scale={STRENGTH}
      colour="var(--ink)"
      onMove={move}
    />
  );
}
