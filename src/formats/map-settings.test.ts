import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyMapSettings } from './map-settings.testing.ts';
import { MAP_CHOICES, readMapSettings, USUAL_MAP, writeMapSettings } from './map-settings.ts';

describe('settings of MAP in a link', () => {
  it('come back, whatever they are, and are nothing when usual', () => {
    fc.assert(
      fc.property(anyMapSettings, (settings) => {
        expect(readMapSettings(writeMapSettings(settings))).toEqual({ settings, unknown: [] });
      }),
    );
    expect(writeMapSettings(USUAL_MAP)).toBe('');
    expect(readMapSettings('').settings).toEqual(USUAL_MAP);
  });

  it('have names that stand for one thing only', () => {
    const names = Object.values(MAP_CHOICES).flat();
    expect(new Set(names).size).toBe(names.length);
  });

  it('name what they do not know, and of two that contradict each other the second', () => {
    const { settings, unknown } = readMapSettings('nsga3,magic,nsga2,loss');
    expect(unknown).toEqual(['magic', 'nsga2']);
    expect(settings).toEqual({ ...USUAL_MAP, search: 'nsga3', metric: 'loss' });
  });
});
