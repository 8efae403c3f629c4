import { describe, expect, it } from 'vitest';
import { type Handbook, handbook, metadata } from '../methods/metadata.ts';
import { methodDoc } from './method-doc.ts';
import { docMarkdown, docsMarkdown } from './method-markdown.ts';

function docOf(id: string, book: Handbook = handbook) {
  const doc = methodDoc(id, metadata, book);
  if (!doc) throw new Error(`there is no documentation of "${id}"`);
  return doc;
}

/** The handbook with another page of one method. */
const altered = (id: string, change: Partial<Handbook['methods'][string]>): Handbook => {
  const page = handbook.methods[id];
  if (!page) throw new Error(`there is no page of "${id}"`);
  return { ...handbook, methods: { ...handbook.methods, [id]: { ...page, ...change } } };
};

const ids = [...metadata.methods, ...metadata.presets].map(({ id }) => id);

describe.each(ids)('the documentation of %s', (id) => {
  it('says what it is, needs and gives, and where it comes from', () => {
    const doc = docOf(id);
    for (const text of [doc.name, doc.shelf, doc.place, doc.summary, doc.result, doc.reference.title])
      expect(text).not.toBe('');
    expect(doc.needs.length).toBeGreaterThan(1);
  });

  it('tells of every control what it does, in numbers that the page shows', () => {
    const controls = Object.values(metadata.methods.find((method) => method.id === id)?.controls ?? {});
    const { parameters } = docOf(id);
    expect(parameters.map(({ symbol }) => symbol)).toEqual(controls.map(({ symbol }) => symbol));
    for (const { help, range, standard, options } of parameters) {
      expect([help, range, standard]).not.toContain('');
      for (const option of options) expect(option.help, option.name).not.toBe('');
    }
  });

  it('is Markdown with one title', () => {
    const text = docMarkdown(docOf(id));
    expect(text.match(/^# .+$/gm)).toEqual([`# ${docOf(id).name}`]);
    expect(text).not.toMatch(/\n{3}/);
  });
});

describe('the documentation', () => {
  it('says when a control counts, by the names on the screen', () => {
    const weight = docOf('ties').parameters.find(({ symbol }) => symbol === 'w');
    expect(weight?.condition).toBe('only while “weights of experts” is “before the election”');
    expect(weight?.range).toBe('−0.5 to 1.5, one per expert');
    expect(weight?.effect).toBe('a new combination, live');
  });

  it('marks what is not certain', () => {
    expect(docOf('ties').doubt).toBeUndefined();
    expect(docOf('ties', altered('ties', { confidence: 'medium' })).doubt?.badge).toBe('details uncertain');
    expect(docMarkdown(docOf('ties', altered('ties', { confidence: 'low' })))).toContain('**reconstruction**');
  });

  it('tells the name in mergekit where there is one', () => {
    expect(docMarkdown(docOf('ties', altered('ties', { mergekit: 'ties' })))).toContain('In mergekit: `ties`.');
  });

  it('of a preset lists its steps with what differs from their defaults', () => {
    expect(docOf('dare-ties').steps).toEqual([
      { id: 'dare', name: 'DARE', settings: '' },
      { id: 'ties', name: 'TIES', settings: 'K = 1' },
    ]);
  });

  it('does not break a table with what a text holds', () => {
    const page = handbook.methods.ties;
    const controls = { ...page?.controls, density: { help: 'a | b\nc' } };
    const text = docMarkdown(docOf('ties', altered('ties', { controls })));
    const rows = text.split('\n').filter((line) => line.startsWith('|'));
    expect(new Set(rows.map((row) => row.replaceAll('\\|', '').split('|').length))).toEqual(new Set([8]));
  });

  it('lists every method once, on its shelf', () => {
    const text = docsMarkdown(ids.map((id) => docOf(id)));
    for (const id of ids) expect(text.split(`(\`${id}\`)`)).toHaveLength(2);
  });

  it('of a stranger is not there', () => {
    expect(methodDoc('nobody', metadata, handbook)).toBeUndefined();
  });
});
