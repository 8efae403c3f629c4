/** A CSV of samples: one row each, numbers and a label. */
import { type CsvRecord, readCsv } from '../csv.ts';
import { DataError, MAX_SAMPLES, type OwnSamples } from './samples.ts';

/** Names of the column with the label; without such a header it is the last column. */
const LABEL_NAMES: readonly string[] = ['label', 'class', 'target', 'y'];

const numberOf = (text: string): number => (text === '' ? Number.NaN : Number(text));

export function readTable(text: string, label: string): OwnSamples {
  const records = readCsv(text);
  const [first] = records;
  if (!first) throw new DataError(`${label}: holds no row`);
  const columns = first.fields.length;
  if (columns < 2)
    throw new DataError(`${label}, line ${first.line}: has one column, wanted features and a label between commas`);
  const header = headerOf(first);
  const place = header ? labelPlace(header) : columns - 1;
  const rows = header ? records.slice(1) : records;
  if (rows.length === 0) throw new DataError(`${label}: has a header but no row below it`);
  if (rows.length > MAX_SAMPLES)
    throw new DataError(`${label}: has ${rows.length} rows, at most ${MAX_SAMPLES} are read`);
  const inputs = columns - 1;
  const values = new Float32Array(rows.length * inputs);
  const labels = rows.map((record, row) => {
    checkRecord(record, label, columns);
    record.fields.forEach((field, column) => {
      if (column === place) return;
      const value = numberOf(field.text);
      if (!Number.isFinite(value))
        throw new DataError(
          `${label}, line ${record.line}, column ${header?.[column] ?? column + 1}: “${field.text.slice(0, 40)}” is no number`,
        );
      values[row * inputs + (column < place ? column : column - 1)] = value;
    });
    return record.fields[place]?.text ?? '';
  });
  const named = header ? `column “${header[place]}”` : 'the last column';
  return { values, inputs, labels, notes: [`${header ? 'With' : 'Without'} a header; the label is ${named}.`] };
}

/** Some name of a label, or a first row of which all but the label are no numbers. */
function headerOf({ fields }: CsvRecord): readonly string[] | undefined {
  const names = fields.map(({ text }) => text);
  const named = names.some((name) => LABEL_NAMES.includes(name.toLowerCase()));
  const numbers = names.filter((name) => Number.isFinite(numberOf(name))).length;
  return named || numbers === 0 ? names : undefined;
}

function labelPlace(header: readonly string[]): number {
  const place = header.findIndex((name) => LABEL_NAMES.includes(name.toLowerCase()));
  return place < 0 ? header.length - 1 : place;
}

function checkRecord({ line, fields, fault }: CsvRecord, label: string, columns: number): void {
  if (fault !== undefined) throw new DataError(`${label}, line ${line}: ${fault}`);
  if (fields.length !== columns)
    throw new DataError(`${label}, line ${line}: has ${fields.length} columns, the first row has ${columns}`);
}
