import { describe, expect, it } from 'vitest';
import { type Numbers, substitute } from './substitute.ts';

const none: Numbers = { perExpert: {}, single: {}, experts: ['digits', 'kana'] };
const print = (value: number) => value.toFixed(2).replace(/^0/, '');
const put = (formula: string, change: Partial<Numbers>) =>
  substitute(formula, { ...none, ...change }, (place) => `#00000${place}`, print);

describe('the formula with numbers', () => {
  it('writes out a sum over experts, one coloured term each, on lines of their own', () => {
    const formula = String.raw`\theta = \theta_0 + \sum_t \lambda_t\,(\theta_t - \theta_0)`;
    expect(put(formula, { perExpert: { λ: [0.3, -0.1] } })).toEqual([
      String.raw`\theta = \theta_0`,
      String.raw`+ \textcolor{#000000}{.30\,(\theta_{\text{digits}} - \theta_0)}`,
      String.raw`+ \textcolor{#000001}{-0.10\,(\theta_{\text{kana}} - \theta_0)}`,
    ]);
  });

  it('repeats the whole product in every term, and brackets what multiplies all of them', () => {
    expect(
      put(String.raw`\theta = \theta_0 + \frac{\lambda}{T}\sum_t c_t\,a_t \odot \hat\tau_{t,p}`, {
        perExpert: { c: [1, 2] },
      }),
    ).toEqual([
      String.raw`\theta = \theta_0 + \frac{\lambda}{T}\lparen \textcolor{#000000}{1.00\,a_{\text{digits}} \odot \hat\tau_{\text{digits},p}}`,
      String.raw`+ \textcolor{#000001}{2.00\,a_{\text{kana}} \odot \hat\tau_{\text{kana},p}}\rparen`,
    ]);
    expect(put(String.raw`\lVert\sum_t w_t u_t\bigr\rVert x_t`, { perExpert: { w: [1, 2] } })?.join(' ')).toContain(
      String.raw`u_{\text{kana}}}\bigr\rVert x_t`,
    );
    expect(put(String.raw`\sum_t \lambda_t^l\,\theta_t`, { perExpert: { λ: [1, 2] } })).toBeUndefined();
  });

  it('writes out sums inside a fraction without breaking it', () => {
    expect(put(String.raw`\theta = \frac{\sum_t w_t\,\theta_t}{\sum_t w_t}`, { perExpert: { w: [1, 2] } })).toEqual([
      String.raw`\theta = \frac{\textcolor{#000000}{1.00\,\theta_{\text{digits}}} + \textcolor{#000001}{2.00\,\theta_{\text{kana}}}}{\textcolor{#000000}{1.00} + \textcolor{#000001}{2.00}}`,
    ]);
  });

  it('puts a method-wide number where its letter stands alone', () => {
    expect(put(String.raw`\theta = \theta_0 + \lambda\,m_p`, { single: { λ: 0.5, m: 2 } })).toEqual([
      String.raw`\theta = \theta_0 + {.50}\,m_p`,
    ]);
    expect(put(String.raw`\frac{\sin((1-t)\,\omega)}{\text{at t}}\,\theta_t`, { single: { t: 0.5 } })).toEqual([
      String.raw`\frac{\sin((1-{.50})\,\omega)}{\text{at t}}\,\theta_t`,
    ]);
  });

  it('leaves alone what it does not understand', () => {
    expect(
      put(String.raw`\hat\tau_t = \operatorname{top}_K(\tau_t)`, { single: { K: 0.2 }, perExpert: { λ: [1, 1] } }),
    ).toBeUndefined();
    expect(put('x', {})).toBeUndefined();
  });
});
