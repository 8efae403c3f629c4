/**
 * The specification's golden network: one tensor of shape 2 × 4 with three experts, without equal magnitudes inside one
 * task vector and without sums that vanish, so that no answer depends on how ties are broken.
 * τ1 = [1, −2, 0.5, 0.1 | 0.4, −0.3, 0.2, −1.5], τ2 = [−0.5, −1, 1.5, 0.2 | 0.6, 0.1, −0.8, 0.3],
 * τ3 = [0.3, 0.7, −0.2, −0.4 | 0.9, −0.6, 0.25, 0.05].
 */
export const g1 = {
  shape: [2, 4],
  base: [0.5, 1, -1, 2, 1.5, -0.5, 0.25, 1],
  experts: [
    [1.5, -1, -0.5, 2.1, 1.9, -0.8, 0.45, -0.5],
    [0, 0, 0.5, 2.2, 2.1, -0.4, -0.55, 1.3],
    [0.8, 1.7, -1.2, 1.6, 2.4, -1.1, 0.5, 1.05],
  ],
} as const;
