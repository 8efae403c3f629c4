/**
 * Text lines, `label<TAB>text`, as numbers: counts of the text's character 1-, 2- and 3-grams, each in the place that the FNV-1a hash
 * (32 bits) of its UTF-8 bytes has modulo the number of inputs, divided by the length of the vector. `ngrams` of
 * docs/train_and_export.py does the same.
 */
import { DataError, MAX_SAMPLES, type OwnSamples } from './samples.ts';

const LONGEST_GRAM = 3;
const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

export function readTextLines(text: string, label: string, inputs: number): OwnSamples {
  const lines = text.replace(/^\ufeff/, '').split(/\r\n|\n|\r/);
  const rows = lines.flatMap((line, i) => (line === '' ? [] : [{ line, number: i + 1 }]));
  if (rows.length === 0) throw new DataError(`${label}: holds no line`);
  if (rows.length > MAX_SAMPLES)
    throw new DataError(`${label}: has ${rows.length} lines, at most ${MAX_SAMPLES} are read`);
  const values = new Float32Array(rows.length * inputs);
  const labels = rows.map(({ line, number }, row) => {
    const tab = line.indexOf('\t');
    if (tab < 1)
      throw new DataError(`${label}, line ${number}: wanted a label, a tab and a text; got “${line.slice(0, 40)}”`);
    values.set(gramsOf(line.slice(tab + 1), inputs), row * inputs);
    return line.slice(0, tab).trim();
  });
  return {
    values,
    inputs,
    labels,
    notes: [`Each line is ${inputs} hashed counts of 1 to ${LONGEST_GRAM} characters.`],
  };
}

/** A text as a vector of length 1, or of zeros where it is empty. */
export function gramsOf(text: string, inputs: number): Float32Array {
  const encoder = new TextEncoder();
  const characters = [...text];
  const counts = new Float64Array(inputs);
  for (let size = 1; size <= LONGEST_GRAM; size++)
    for (let from = 0; from + size <= characters.length; from++) {
      const place = fnv1a(encoder.encode(characters.slice(from, from + size).join(''))) % inputs;
      counts[place] = (counts[place] ?? 0) + 1;
    }
  const length = Math.sqrt(counts.reduce((sum, count) => sum + count * count, 0)) || 1;
  return Float32Array.from(counts, (count) => count / length);
}

function fnv1a(bytes: Uint8Array): number {
  let hash = FNV_OFFSET;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, FNV_PRIME) >>> 0;
  return hash;
}
