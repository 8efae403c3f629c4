/** A method's paper as a BibTeX entry, of no more than the method file says: venues are left out, and unnamed authors are "others". */
import type { MethodPage } from '../methods/metadata.ts';

type Reference = MethodPage['reference'];

/** Words that say nothing about a paper. */
const FILLERS = new Set(['a', 'an', 'the', 'on', 'of', 'in', 'for', 'to', 'and', 'with', 'is', 'are', 'from', 'by']);

const ESCAPED = /[&%$#_{}]/g;

export function bibtex(reference: Reference): string {
  const { title, year, url } = reference;
  const names = namesOf(reference.authors);
  const arxiv = /arxiv\.org\/(?:abs|pdf)\/(\d{4}\.\d{4,5})/.exec(url)?.[1];
  const doi = /doi\.org\/(.+)$/.exec(url)?.[1];
  const fields: readonly (readonly [string, string | undefined])[] = [
    // Braces keep capital letters as they are.
    ['title', `{${escaped(title)}}`],
    ['author', names.length > 0 ? names.map(escaped).join(' and ') : undefined],
    ['year', String(year)],
    ['eprint', arxiv],
    ['archivePrefix', arxiv && 'arXiv'],
    ['doi', doi],
    ['url', url],
  ];
  const lines = fields.flatMap(([name, value]) => (value === undefined ? [] : [`  ${name} = {${value}}`]));
  return `@misc{${keyOf(reference, names[0])},\n${lines.join(',\n')}\n}`;
}

/** "Yu et al." gives Yu and others. */
function namesOf(authors: string | undefined): readonly string[] {
  if (authors === undefined) return [];
  const named = authors.replace(/,?\s*et al\.?$/, '');
  const names = named.split(/\s*(?:,|;|&|\band\b)\s*/).filter(Boolean);
  return named === authors ? names : [...names, 'others'];
}

/** Surname of the first author, year, first word of the title: yadav2023ties. */
function keyOf({ title, year }: Reference, author = ''): string {
  const surname = plain(author.split(' ').at(-1) ?? '');
  const word = title
    .split(/[\s:–—/-]+/)
    .map(plain)
    .find((each) => each !== '' && !FILLERS.has(each));
  return `${surname}${year}${word ?? ''}`;
}

const plain = (text: string): string =>
  text
    .normalize('NFD')
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '');

const escaped = (text: string): string => text.replace(ESCAPED, (character) => `\\${character}`);
