/** Objectives in words and numbers. */
import type { Goal, Unit } from '../../store/objectives.ts';
import { percent } from '../charts/format.ts';

/** Of a metric that nothing is known of. */
const DIGITS = 4;

/** A value with as many digits as its unit is worth; the unit is set beside it. */
export function valueText(unit: Unit, value: number): string {
  if (unit === 'share') return percent(value);
  if (unit === 'plain') return String(Number(value.toPrecision(DIGITS)));
  return value.toFixed(unit === 'nats' ? 3 : 2);
}

const SIGNS: Readonly<Record<Unit, string>> = { share: ' %', nats: ' nats', norm: '', plain: '' };

export const valueWithUnit = (unit: Unit, value: number): string => valueText(unit, value) + SIGNS[unit];

/** What stands at an axis behind the name of its objective. */
export const UNIT_SIGNS: Readonly<Record<Unit, string>> = { share: '%', nats: 'nats', norm: '‖θ − θ₀‖', plain: '' };

/** More is worse: such an axis runs the other way, so that better is always up and to the right. */
export const isMinimised = ({ objective }: Goal): boolean => objective.sense === 'minimise';

export function goalName({ id, objective }: Goal): string {
  if (id === 'average') return objective.sense === 'maximise' ? 'average accuracy' : 'average loss';
  if (id === 'worst') return objective.sense === 'maximise' ? 'worst task' : 'largest loss';
  return objective.label;
}
