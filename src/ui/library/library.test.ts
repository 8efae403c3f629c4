import handbook from 'virtual:handbook';
import { describe, expect, it } from 'vitest';
import { countWith, facetGroups, isWanted } from './facets.ts';
import { listing, matching, shelved } from './listing.ts';

const FOUR = 4;
const all = listing(handbook, FOUR);
const idsOf = (listed: typeof all) => listed.map(({ entry }) => entry.id);
const chosen = (...facets: string[]) => idsOf(all.filter((one) => isWanted(one.facets, new Set(facets))));
const search = (query: string) => idsOf(matching(all, query));

describe('the search', () => {
  it('finds by name, alias, author, year, paper and what it helps', () => {
    expect(search('adamerging')).toContain('adamerging');
    expect(search('model soup')).toContain('weight-average');
    expect(search('yadav')).toContain('ties');
    expect(search('1985')).toContain('slerp');
    expect(search('super mario')).toEqual(expect.arrayContaining(['dare', 'dare-ties']));
    expect(search('pull the same weights')).toContain('ties');
  });

  it('puts what is called so before what only speaks of it', () => {
    expect(search('ties').length).toBeGreaterThan(1);
    expect(search('ties')[0]).toBe('ties');
    expect(search('Task  Arithmetic')[0]).toBe('task-arithmetic');
  });

  it('wants every word, in any order and case', () => {
    expect(search('ARITHMETIC editing')).toContain('task-arithmetic');
    expect(search('arithmetic yadav')).toEqual(search('yadav').filter((id) => search('arithmetic').includes(id)));
    expect(search('  ')).toEqual(idsOf(all));
  });
});

describe('the facets', () => {
  it('are what the methods say about themselves', () => {
    expect(chosen('two')).toContain('slerp');
    expect(chosen('two')).not.toContain('ties');
    expect(chosen('pre')).toContain('dare');
    expect(chosen('inputs')).toContain('adamerging');
    expect(chosen('data-free')).not.toContain('adamerging');
    expect(chosen('seed')).toEqual(expect.arrayContaining(['dare', 'dare-ties']));
    expect(chosen('no-base')).toContain('weight-average');
    expect(chosen('fits')).not.toContain('slerp');
  });

  it('of one group widen the choice, those of different groups narrow it', () => {
    expect(new Set(chosen('base', 'no-base'))).toEqual(new Set(idsOf(all)));
    expect(chosen('two', 'base')).not.toContain('slerp');
    expect(chosen('seed', 'gradients')).toEqual(chosen('seed').filter((id) => chosen('gradients').includes(id)));
  });

  it('tell what is left once they are chosen', () => {
    const facets = all.map((one) => one.facets);
    for (const { id } of facetGroups.flatMap((group) => group.facets)) {
      expect(countWith(id, facets, new Set()), id).toBe(chosen(id).length);
      expect(countWith(id, facets, new Set(['seed'])), id).toBe(chosen(id, 'seed').length);
    }
    // In place of its rival, not beside it.
    expect(countWith('no-base', facets, new Set(['base']))).toBe(chosen('no-base').length);
  });

  it('put every method into each of the groups that tell all of them apart', () => {
    for (const { entry, facets } of all)
      for (const [one, other] of [
        ['base', 'no-base'],
        ['data-free', 'inputs'],
      ] as const)
        if (!facets.has('labels')) expect(facets.has(one) !== facets.has(other), `${entry.id}: ${one}`).toBe(true);
  });
});

describe('the shelves', () => {
  it('hold every method once, and begin with what fits', () => {
    const shelves = shelved(all);
    expect(new Set(shelves.flatMap(({ listed }) => idsOf(listed)))).toEqual(new Set(idsOf(all)));
    for (const { name, listed } of shelves) {
      const fits = listed.map(({ reason }) => reason === undefined);
      expect(fits, name).toEqual([...fits].sort((a, b) => Number(b) - Number(a)));
    }
  });
});
