import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cleanFilter, matches, passes, refuseNames } from './tensor-filter.ts';

const tensor = (name: string, role = 'linear', group = 'attention') => ({ name, role, group });
const named = (names: string) => ({ without: [], names });

describe('a pattern', () => {
  it.each([
    ['blocks.0.*', 'blocks.0.attn.q.weight', true],
    ['blocks.0.*', 'blocks.10.attn.q.weight', false],
    ['*.bias', 'patch_embed.bias', true],
    ['*.attn.*.weight', 'blocks.1.attn.q.weight', true],
    ['*.attn.*.weight', 'blocks.1.attn.weight', false],
    ['norm.weight', 'norm.weight', true],
    ['norm.weight', 'norm.weight2', false],
    ['*', '', true],
    ['a*a', 'a', false],
    ['(.*)+$', 'blocks', false],
  ])('%s on %s: %s', (pattern, name, wanted) => expect(matches(pattern, name)).toBe(wanted));

  it('agrees with a regular expression on whatever text', () => {
    const letters = (alphabet: string) =>
      fc.array(fc.constantFrom(...alphabet), { maxLength: 8 }).map((all) => all.join(''));
    fc.assert(
      fc.property(letters('ab*'), letters('ab'), (pattern, name) => {
        const wanted = new RegExp(`^${pattern.replaceAll('*', '.*')}$`).test(name);
        expect(matches(pattern, name)).toBe(wanted);
      }),
    );
  });
});

describe('a filter', () => {
  it('leaves tensors out by what they are or belong to', () => {
    const filter = { without: ['bias', 'norm'], names: '' } as const;
    expect(passes(filter, tensor('blocks.0.attn.q.weight'))).toBe(true);
    expect(passes(filter, tensor('blocks.0.attn.q.bias', 'bias'))).toBe(false);
    expect(passes(filter, tensor('norm.weight', 'norm', 'norm'))).toBe(false);
  });

  it('merges what one pattern wants and none refuses', () => {
    const filter = named('blocks.0.*,norm.*,!*.bias');
    expect(
      ['blocks.0.a.weight', 'blocks.0.a.bias', 'norm.weight', 'blocks.1.a.weight'].map((name) =>
        passes(filter, tensor(name)),
      ),
    ).toEqual([true, false, true, false]);
    expect(passes(named('!*.bias'), tensor('anything'))).toBe(true);
  });

  it('is written one way only, and not at all where it leaves nothing out', () => {
    expect(cleanFilter(named('*'))).toBeUndefined();
    expect(cleanFilter(named(' , '))).toBeUndefined();
    expect(cleanFilter(named('a b, **.c,!x,*'))).toEqual(named('!x'));
    expect(cleanFilter({ without: ['bias', 'norm'], names: ' a.*, a.* ' })).toEqual({
      without: ['norm', 'bias'],
      names: 'a.*',
    });
  });

  it('says what it cannot read', () => {
    expect(refuseNames('blocks.*, !*.bias')).toBeUndefined();
    expect(refuseNames('a(b|c)')).toMatch(/letters, digits/);
    expect(refuseNames('a'.repeat(201))).toMatch(/201 characters/);
    expect(cleanFilter(named('a(b|c)'))).toBeUndefined();
  });
});
