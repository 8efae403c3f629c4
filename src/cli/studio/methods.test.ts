import { describe, expect, it } from 'vitest';
import { metadata } from '../../methods/metadata.ts';
import { methods } from './methods.ts';

describe('studio methods', () => {
  it('prints every method with its controls and their helps, and every preset, as JSON', () => {
    const rows = JSON.parse(methods({ json: true, doc: undefined }));
    expect(rows.map(({ id }: { id: string }) => id)).toEqual(
      [...metadata.methods, ...metadata.presets].map(({ id }) => id),
    );
    const ties = rows.find(({ id }: { id: string }) => id === 'ties');
    expect(ties.controls.density.help).not.toBe('');
    expect(ties.result).toBe('single');
  });

  it('prints the page of one method, of a preset, or a list of all, as Markdown', () => {
    expect(methods({ json: false, doc: 'ties' })).toMatch(/^# TIES\n[\s\S]*```bibtex\n@misc\{yadav2023ties/);
    expect(methods({ json: false, doc: 'dare-ties' })).toMatch(/^# DARE-TIES\n/);
    const list = methods({ json: false, doc: 'all' });
    for (const { id } of [...metadata.methods, ...metadata.presets]) expect(list).toContain(`(\`${id}\`)`);
  });

  it('says which methods there are when it is asked for another', () => {
    expect(() => methods({ json: false, doc: 'tise' })).toThrow(/no method "tise"; known: all, .*ties/);
  });
});
