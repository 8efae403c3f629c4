import { lazy, Suspense, useState } from 'react';
import { adoptCandidate, type Choice, selectChoice } from '../../store/choice.ts';
import type { Candidate, Pick } from '../../store/picks.ts';
import { namedCoefficients } from '../../store/point-recipe.ts';
import type { StudioState } from '../../store/state.ts';
import { useStudio } from '../../store/studio.ts';
import { percent } from '../charts/format.ts';
import { Icon } from '../icons.tsx';
import { useCalm } from '../use-calm.ts';
import { RULES } from './rules.ts';
import './picks.css';

/** The settings of the rules are not part of the first view. */
const ChooseBy = lazy(() => import('./choose-by.tsx').then((module) => ({ default: module.ChooseBy })));

/** More values than this are told by their worst and their mean. */
const FEW = 3;
/** Of fewer merges there is nothing to choose. */
const FEWEST = 2;

interface PicksRowProps {
  /** What the pointer or the focus is on, to be shown in the plot above. */
  onHover(candidate: Candidate | undefined): void;
}

/** What each rule chooses from the front, to be taken over; below it the rules' settings. */
export function PicksRow({ onHover }: PicksRowProps) {
  const choice = useCalm(selectChoice);
  const [open, setOpen] = useState(false);
  const few = (choice.front[0]?.values.length ?? 0) <= FEW;
  return (
    <section className="picks-panel" aria-label="Choose from the front">
      <div className="picks-row">
        <span className="lead">{few ? 'Choose' : 'Choose, worst / mean %'}</span>
        {choice.total >= FEWEST &&
          choice.picks.map((pick) => <PickButton key={pick.rule} pick={pick} onHover={onHover} />)}
      </div>
      <p className="pick-note">
        {noteOf(choice)}{' '}
        <button type="button" className="flat" aria-expanded={open} onClick={() => setOpen(!open)}>
          choose by … <Icon name="chevron" size={12} />
        </button>
      </p>
      {open && (
        <Suspense>
          <ChooseBy />
        </Suspense>
      )}
    </section>
  );
}

function noteOf({ among, kept, total, n }: Choice): string {
  if (total < FEWEST) return `There is no ${among} front of this mix yet: measure points first.`;
  const of = kept < total ? `${kept} of ${total}` : `${total}`;
  if (kept === 0)
    return `None of ${total} ${among} merges meets all floors and brushes: lower a floor, or clear the selection.`;
  if (among === 'measured') return `among ${of} measured merges, calibration split, n = ${n} per task`;
  return `among ${of} predicted merges: estimated for the calibration split`;
}

function PickButton({ pick, onHover }: { readonly pick: Pick } & PicksRowProps) {
  const { rule, candidate, reached } = pick;
  const now = useStudio((state) => isNow(state, candidate));
  const { name, help } = RULES[rule];
  const text = valuesText(candidate.values);
  const spoken = candidate.values.length <= FEW ? `${text} percent` : `worst and mean ${text} percent`;
  const origin = candidate.kind === 'measured' ? `measured, n = ${candidate.n}` : 'estimated';
  return (
    <button
      type="button"
      className={`pick ${candidate.kind}`}
      data-rule={rule}
      aria-pressed={now}
      aria-label={`Use the ${name} merge: ${spoken}, ${origin}${reached ? '' : ', the wish is not met'}`}
      title={`${help}. ${origin}${reached ? '' : ', the wish is not met'}.`}
      onClick={() => adoptCandidate(useStudio.getState(), candidate)}
      onPointerEnter={() => onHover(candidate)}
      onPointerLeave={() => onHover(undefined)}
      onFocus={() => onHover(candidate)}
      onBlur={() => onHover(undefined)}
    >
      {name} <b>{text}</b>
      {rule === 'wish' && <i>{reached ? 'met' : 'not met'}</i>}
    </button>
  );
}

function valuesText(values: readonly number[]): string {
  if (values.length <= FEW) return values.map(percent).join(' · ');
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return `${percent(Math.min(...values))} / ${percent(mean)}`;
}

/** Coefficients nearer than this are the same on every slider. */
const SAME = 1e-6;

/** Whether the candidate is the merge on the screen. */
function isNow({ recipe }: StudioState, { coefficients }: Candidate): boolean {
  const now = recipe ? namedCoefficients(recipe) : [];
  return now.length > 0 && now.every(({ value }, i) => Math.abs(value - (coefficients[i] ?? value)) < SAME);
}
