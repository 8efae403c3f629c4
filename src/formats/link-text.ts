/** The text of a share link: `key=value` pairs, short numbers, and quotes of what strangers wrote. */

/** Longest link that is read: far above what `buildLink` writes, far below what would stall the page. */
export const MAX_LINK_LENGTH = 8_000;
/** Digits that a float64 needs, with sign, point and exponent. */
const MAX_NUMBER_LENGTH = 32;
/** Longest piece of a link that is quoted back. */
const MAX_QUOTE = 40;

export interface Pairs {
  /** First value of each key; a Map, because a key may be called `__proto__`. */
  readonly values: ReadonlyMap<string, string>;
  /** Keys that came more than once. */
  readonly repeated: readonly string[];
}

/** @param hash with or without its `#` */
export function splitPairs(hash: string): Pairs {
  const values = new Map<string, string>();
  const repeated = new Set<string>();
  for (const part of hash.replace(/^#/, '').split('&')) {
    if (part === '') continue;
    const equals = part.indexOf('=');
    const key = decode(equals < 0 ? part : part.slice(0, equals));
    if (values.has(key)) repeated.add(key);
    else values.set(key, equals < 0 ? '' : decode(part.slice(equals + 1)));
  }
  return { values, repeated: [...repeated] };
}

/** Text with a broken percent escape stays as it is: it then names nothing that is known, which is told where it is used. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Escapes what would end a value or a link, and keeps the commas, dots and plus signs that make it readable. */
export function encode(text: string): string {
  return encodeURIComponent(text).replaceAll('%2C', ',').replaceAll('%2B', '+');
}

/** The shortest text that reads back as exactly this number: `.3`, `-.05`, `1e-7`. */
export function shortNumber(value: number): string {
  return String(value)
    .replace('e+', 'e')
    .replace(/^(-?)0\./, '$1.');
}

/** A finite number, or undefined when the text is anything else. */
export function readNumber(text: string): number | undefined {
  if (text.length > MAX_NUMBER_LENGTH || !/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text)) return undefined;
  const value = Number(text);
  return Number.isFinite(value) ? value : undefined;
}

/** Comma-separated values; the empty text is the empty list. */
export function splitList(text: string): string[] {
  return text === '' ? [] : text.split(',');
}

/** A stranger's text between quotation marks, printable and short. */
export function quote(text: string): string {
  const printable = text.replace(/[\p{Cc}\p{Cf}\p{Cs}]/gu, '�');
  return `“${printable.length > MAX_QUOTE ? `${printable.slice(0, MAX_QUOTE)}…` : printable}”`;
}
