import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { type ModelCard, modelCard } from './model-card.ts';

const card: ModelCard = {
  title: 'My *merge*',
  models: [
    { name: 'org/base', part: 'base' },
    { name: './files/a|b`', part: 'expert', sha256: 'abc' },
  ],
  methods: [
    {
      summary: 'Adds changes.',
      reference: {
        title: 'Editing models',
        authors: 'Ilharco et al.',
        year: 2023,
        url: 'https://arxiv.org/abs/2212.04089',
      },
    },
  ],
  methodNames: ['Task Arithmetic'],
  config: { text: 'merge_method: linear\n# ```\n' },
  files: [{ name: 'model.safetensors', bytes: 12, sha256: 'def' }],
  link: 'https://example.org/#v=1&e=a b',
  remarks: ['One is <left> out.'],
};

it('names hub models in its front matter, and shows what strangers wrote as it is', () => {
  const text = modelCard(card);
  const [, front = '', body = ''] = /^---\n([\s\S]*?)\n---\n([\s\S]*)$/.exec(text) ?? [];
  expect(parse(front)).toEqual({
    base_model: ['org/base'],
    base_model_relation: 'merge',
    library_name: 'transformers',
    tags: ['merge', 'mergekit'],
  });
  expect(body).toContain('# My \\*merge\\*');
  expect(body).toContain('| `./files/a\\|b ` | expert | `abc` |');
  expect(body).toContain('| `org/base` | base | not read |');
  expect(body).toContain('````yaml\nmerge_method: linear\n# ```\n````');
  expect(body).toContain('<https://example.org/#v=1&e=a%20b>');
  expect(body).toContain('- One is \\<left\\> out.');
  expect(body).toContain('@misc{ilharco2023editing');
});

it('says why there is no configuration', () => {
  expect(modelCard({ ...card, config: { reason: 'mergekit has none.' } })).toContain(
    'no mergekit configuration of this merge: mergekit has none.',
  );
});
