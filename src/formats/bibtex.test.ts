import { expect, it } from 'vitest';
import { handbook } from '../methods/metadata.ts';
import { bibtex } from './bibtex.ts';

it('cites a preprint by its number, with the first author alone where no other is named', () => {
  const entry = bibtex({
    title: 'TIES-Merging: Resolving Interference When Merging Models',
    authors: 'Yadav et al.',
    year: 2023,
    url: 'https://arxiv.org/abs/2306.01708',
  });
  expect(entry).toBe(`@misc{yadav2023ties,
  title = {{TIES-Merging: Resolving Interference When Merging Models}},
  author = {Yadav and others},
  year = {2023},
  eprint = {2306.01708},
  archivePrefix = {arXiv},
  url = {https://arxiv.org/abs/2306.01708}
}`);
});

it('names all authors that are named, and escapes what TeX would read', () => {
  const entry = bibtex({
    title: 'The 50% & more_',
    authors: 'Müller, Åström and Li',
    year: 2020,
    url: 'https://doi.org/10.1145/325334.325242',
  });
  expect(entry).toContain('@misc{muller202050,');
  expect(entry).toContain('title = {{The 50\\% \\& more\\_}}');
  expect(entry).toContain('author = {Müller and Åström and Li}');
  expect(entry).toContain('doi = {10.1145/325334.325242}');
});

it.each(Object.entries(handbook.methods))('%s can be cited', (_, { reference }) => {
  const entry = bibtex(reference);
  expect(entry).toMatch(/^@misc\{[a-z]*\d{4}[a-z0-9]+,$/m);
  // Braces that do not close would swallow the entries after it.
  let depth = 0;
  for (const character of entry.replaceAll(/\\[{}]/g, '')) depth += character === '{' ? 1 : character === '}' ? -1 : 0;
  expect(depth).toBe(0);
});
