/**
 * Remembers the last result for inputs that are identical (===), so that a selector which builds an object gives the same
 * object until something that it depends on has changed.
 */
export function memo<S, const I extends readonly unknown[], R>(
  inputs: (state: S) => I,
  compute: (...inputs: I) => R,
): (state: S) => R {
  let last: { inputs: I; result: R } | undefined;
  return (state) => {
    const now = inputs(state);
    if (last?.inputs.every((input, i) => Object.is(input, now[i]))) return last.result;
    last = { inputs: now, result: compute(...now) };
    return last.result;
  };
}
