/** Controls that WUDI and the methods that grew out of it have in common. */

/** Each expert's part of the result. */
export const part = {
  per: 'expert',
  stage: 'combine',
  symbol: 'λ',
  name: 'coefficient',
  min: -0.5,
  max: 1.5,
  step: 0.05,
  default: 1,
  snaps: [0, 1],
  help: 'Scales what this expert wants in the minimisation and where it starts; 1 for all is the method itself.',
} as const;

/** When the flow is stopped, in a unit that does not depend on the size of the matrix. */
export const stoppingTime = {
  per: 'method',
  stage: 'prepare',
  symbol: 's',
  name: 'stopping time',
  min: -3,
  max: 4,
  step: 0.05,
  help: 'How far the descent goes, as a power of ten: far left is nearly the plain sum, far right nearly the minimum.',
} as const;

/** Steps and step size of Adam where it is chosen. */
export const steps = {
  per: 'method',
  stage: 'prepare',
  symbol: 'k',
  name: 'steps',
  min: 0,
  max: 600,
  step: 10,
  default: 300,
  integer: true,
  snaps: [0, 300],
  help: 'How often Adam steps; 0 is the plain sum.',
  when: { control: 'solver', is: 'adam' },
} as const;

export const rate = {
  per: 'method',
  stage: 'prepare',
  symbol: 'η',
  name: 'step size',
  min: 0.005,
  max: 0.1,
  step: 0.005,
  default: 0.03,
  snaps: [0.03],
  help: 'How far one step may move a weight, in units of the typical change: its root mean square in the matrix.',
  when: { control: 'solver', is: 'adam' },
} as const;

/** The only scale of what Adam finds. */
export const scale = {
  per: 'method',
  stage: 'combine',
  symbol: 'c',
  name: 'scale',
  min: 0,
  max: 1.5,
  step: 0.05,
  default: 1,
  snaps: [0, 1],
  help: 'How much of the merged change is added to the base.',
  when: { control: 'solver', is: 'adam' },
} as const;

/** What happens to biases, norms and embeddings. */
export const others = {
  kind: 'choice',
  per: 'method',
  stage: 'prepare',
  symbol: 'b',
  name: 'other weights',
  default: 'mean',
  options: [
    { value: 'mean', name: 'mean', help: 'Biases, norms and embeddings get the mean of the experts’ changes.' },
    { value: 'base', name: 'base', help: 'They stay as they are in the base.' },
  ],
  help: 'What is done with everything that is no weight matrix.',
} as const;
