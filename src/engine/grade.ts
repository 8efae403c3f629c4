/** What logits are worth: correct answers, and cross-entropy. */

export interface Grade {
  readonly correct: number;
  /** −Σ ln softmax(logits)[label], in nats; not a number when a logit is none. */
  readonly loss: number;
}

/**
 * Of equal logits the first counts as the answer.
 * @param logits [samples × classes], row by row
 * @param labels one class per sample
 */
export function grade(logits: ArrayLike<number>, labels: ArrayLike<number>): Grade {
  const classes = logits.length / labels.length;
  let correct = 0;
  let loss = 0;
  for (let sample = 0; sample < labels.length; sample++) {
    const start = sample * classes;
    let best = 0;
    for (let k = 1; k < classes; k++) if (at(logits, start + k) > at(logits, start + best)) best = k;
    const highest = at(logits, start + best);
    let sum = 0;
    for (let k = 0; k < classes; k++) sum += Math.exp(at(logits, start + k) - highest);
    const label = labels[sample] ?? 0;
    loss += highest + Math.log(sum) - at(logits, start + label);
    if (best === label) correct++;
  }
  return { correct, loss };
}

const at = (values: ArrayLike<number>, i: number): number => values[i] ?? Number.NaN;
