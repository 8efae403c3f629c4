/** Comma-separated values as in RFC 4180, with the two habits that files from elsewhere have: a byte order mark, and # comments. */

export interface Field {
  readonly text: string;
  /** A quoted empty field is an empty text; an unquoted one is no value. */
  readonly quoted: boolean;
}

export interface CsvRecord {
  /** Line of the file on which the record begins, from 1. */
  readonly line: number;
  readonly fields: readonly Field[];
  /** What is wrong with its quotes; the fields are then a guess. */
  readonly fault?: string;
}

/**
 * All records of a text. Never throws: a record with broken quotes says so. Lines end with LF, CRLF or CR; empty lines and
 * lines that begin with # hold nothing.
 * @param text with or without a byte order mark
 */
export function readCsv(text: string): CsvRecord[] {
  const reader: Reader = { text, at: text.startsWith('\ufeff') ? 1 : 0, line: 1 };
  const records: CsvRecord[] = [];
  while (reader.at < text.length) {
    if (text[reader.at] === '#') {
      while (reader.at < text.length && !atLineEnd(reader)) reader.at++;
    } else if (!atLineEnd(reader)) records.push(readRecord(reader));
    skipLineEnd(reader);
  }
  return records;
}

interface Reader {
  readonly text: string;
  at: number;
  line: number;
}

function readRecord(reader: Reader): CsvRecord {
  const { line } = reader;
  const fields: Field[] = [];
  let fault: string | undefined;
  for (;;) {
    const field = reader.text[reader.at] === '"' ? readQuoted(reader) : readBare(reader);
    fields.push(field);
    fault ??= field.fault;
    if (reader.text[reader.at] !== ',') break;
    reader.at++;
  }
  return fault === undefined ? { line, fields } : { line, fields, fault };
}

/** Spaces around an unquoted value are alignment, not content. */
function readBare(reader: Reader): Field & { fault?: string } {
  const start = reader.at;
  while (reader.at < reader.text.length && reader.text[reader.at] !== ',' && !atLineEnd(reader)) reader.at++;
  return { text: reader.text.slice(start, reader.at).trim(), quoted: false };
}

function readQuoted(reader: Reader): Field & { fault?: string } {
  const { line } = reader;
  let text = '';
  reader.at++;
  for (;;) {
    const end = reader.text.indexOf('"', reader.at);
    const piece = reader.text.slice(reader.at, end < 0 ? undefined : end);
    text += piece;
    reader.line += piece.match(/\r\n|\n|\r/g)?.length ?? 0;
    reader.at = end < 0 ? reader.text.length : end + 1;
    if (end < 0) return { text, quoted: true, fault: `the quotation mark opened on line ${line} is never closed` };
    if (reader.text[reader.at] !== '"') break;
    text += '"';
    reader.at++;
  }
  const rest = readBare(reader).text;
  if (rest === '') return { text, quoted: true };
  return { text: text + rest, quoted: true, fault: 'there is text after a closing quotation mark' };
}

function atLineEnd({ text, at }: Reader): boolean {
  return text[at] === '\n' || text[at] === '\r';
}

function skipLineEnd(reader: Reader): void {
  if (!atLineEnd(reader)) return;
  reader.at += reader.text.startsWith('\r\n', reader.at) ? 2 : 1;
  reader.line++;
}

/** One line per record, each ending with LF; fields that would read back differently are quoted. */
export function writeCsv(records: readonly (readonly (string | number | undefined)[])[]): string {
  return records.map((fields) => `${fields.map(writeField).join(',')}\n`).join('');
}

/** @param value undefined is no value: an empty field without quotes */
function writeField(value: string | number | undefined): string {
  if (typeof value !== 'string') return value === undefined ? '' : String(value);
  const plain = value !== '' && value === value.trim() && !/[",\r\n]|^#|^\ufeff/.test(value);
  return plain ? value : `"${value.replaceAll('"', '""')}"`;
}
