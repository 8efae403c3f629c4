import fc from 'fast-check';
import { MAP_CHOICES, type MapSettings } from './map-settings.ts';

export const anyMapSettings = fc.record(
  Object.fromEntries(Object.entries(MAP_CHOICES).map(([key, names]) => [key, fc.constantFrom(...names)])),
) as fc.Arbitrary<MapSettings>;
