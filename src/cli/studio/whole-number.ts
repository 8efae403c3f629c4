import { StudioError } from '../../engine/fault.ts';

/** Value of a flag, or the usual one where it is not given. @throws StudioError for anything but a whole number in range */
export function wholeNumber(flag: string, text: string | undefined, usual: number, min: number, max: number): number {
  if (text === undefined) return usual;
  const value = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= min && value <= max) return value;
  throw new StudioError('recipe', `${flag}: got "${text}", wanted a whole number from ${min} to ${max}`);
}
