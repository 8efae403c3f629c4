/**
 * Puts the current numbers into a method's formula. Works on LaTeX as text, for what methods have in common: a sum over experts with
 * one coefficient each is written out, a method-wide number takes the place of its letter. What it does not understand stays.
 */

export interface Numbers {
  /** One value per expert, by the control's symbol. */
  readonly perExpert: Readonly<Record<string, readonly number[]>>;
  /** One value for the method, by the control's symbol. */
  readonly single: Readonly<Record<string, number>>;
  readonly experts: readonly string[];
}

/** Colour of the expert at this place of the recipe, as a LaTeX colour. */
export type ColourOf = (place: number) => string;

const LATEX: Readonly<Record<string, string>> = {
  λ: '\\lambda',
  η: '\\eta',
  α: '\\alpha',
  β: '\\beta',
  γ: '\\gamma',
  ε: '\\epsilon',
};
const latexOf = (symbol: string): string => LATEX[symbol] ?? symbol;

/** LaTeX of the formula with numbers, in pieces that may stand on lines of their own; undefined when no number fits in. */
export function substitute(
  formula: string,
  numbers: Numbers,
  colourOf: ColourOf,
  print: (value: number) => string,
): readonly string[] | undefined {
  let text = formula;
  for (const [symbol, values] of Object.entries(numbers.perExpert)) {
    text = expandSums(
      text,
      latexOf(symbol),
      (place, term) => {
        const name = `\\text{${(numbers.experts[place] ?? '').replace(/[^a-z0-9]/gi, ' ')}}`;
        const value = print(values[place] ?? 0);
        const own = term.replace(/_t(?![a-z])/g, `_{${name}}`).replace(/_\{t,?([a-z]+)\}/g, `_{${name},$1}`);
        return `\\textcolor{${colourOf(place)}}{${value}${own === '' ? '' : '\\,'}${own}}`;
      },
      numbers.experts.length,
    );
  }
  for (const [symbol, value] of Object.entries(numbers.single))
    text = replaceLetter(text, latexOf(symbol), print(value));
  return text === formula ? undefined : splitTerms(text);
}

type Write = (place: number, term: string) => string;

/** Between two written-out terms; a line may break before it when the sum stands outside every brace. */
const JOINT = ' + ';

function expandSums(text: string, symbol: string, write: Write, count: number): string {
  const head = `\\sum_t ${symbol}_t`;
  const at = text.indexOf(head);
  const after = text.slice(at + head.length);
  // With a layer's index the coefficients are not those of the sliders.
  if (at < 0 || count === 0 || after.startsWith('^')) return text;
  const before = text.slice(0, at);
  const rest = after.replace(/^\\,/, '').trimStart();
  const term = termAt(rest);
  const terms = Array.from({ length: count }, (_, place) => write(place, term.trim())).join(JOINT);
  // What stands before the sign multiplies every term. Named brackets do not keep a line from breaking between terms.
  const factor = count > 1 && !/(^|[=+\-{(,]|\\,|\\lVert)\s*(\\textstyle)?$/.test(before);
  const sum = factor ? `\\lparen ${terms}\\rparen ` : terms;
  return before + sum + expandSums(rest.slice(term.length), symbol, write, count);
}

const OPENING = /^(?:[{([]|\\[{]|\\lVert|\\langle|\\begin)$/;
const CLOSING = /^(?:[})\]]|\\[}]|\\rVert|\\rangle|\\end)$/;
/** What ends a product: another summand, a relation, a remark, or the other half of a large bracket. */
const ENDING = /^(?:[-+=,]|\\(?:text|quad|qquad|ge|le|approx|[bB]ig+r))$/;

/** The product that the sum runs over; empty when the coefficient stands alone. */
function termAt(text: string): string {
  let depth = 0;
  let length = 0;
  for (const token of text.match(/\\[a-zA-Z]+|\\.|[^\\]/g) ?? []) {
    if (depth === 0 && (CLOSING.test(token) || ENDING.test(token))) break;
    if (OPENING.test(token)) depth++;
    if (CLOSING.test(token)) depth--;
    length += token.length;
  }
  return text.slice(0, length);
}

/** Replaces a letter where it stands alone: neither index, nor part of a name, nor itself indexed. */
function replaceLetter(text: string, letter: string, value: string): string {
  const tokens = text.match(/\\(?:text|operatorname|mathrm|begin|end)\{[^}]*\}|\\[a-zA-Z]+|\\.|[^\\]/g) ?? [];
  return tokens
    .map((token, i) => {
      const indexed = tokens[i + 1] === '_' || tokens[i + 1] === '^';
      return token === letter && tokens[i - 1] !== '_' && tokens[i - 1] !== '^' && !indexed ? `{${value}}` : token;
    })
    .join('');
}

/** Cuts before every written-out "+" that is not inside a brace or bracket, and at wide gaps. */
function splitTerms(text: string): readonly string[] {
  const pieces: string[] = [];
  let depth = 0;
  let from = 0;
  for (let i = 0; i < text.length; i++) {
    const open = '{(['.includes(text[i] ?? '');
    const close = '})]'.includes(text[i] ?? '');
    depth += open ? 1 : close ? -1 : 0;
    if (depth === 0 && text.startsWith(`${JOINT}\\textcolor`, i) && i > from) {
      pieces.push(text.slice(from, i));
      from = i;
    }
  }
  return [...pieces, text.slice(from)].map((piece) => piece.trim());
}
