/** All faster ways there are. */
import type { LaneFor } from '../lane.ts';
import type { Crew } from './crew.ts';
import { electedLane } from './elected.ts';
import { weightedLane } from './weighted.ts';

export const lanesOf =
  (crew: Crew): LaneFor =>
  (kind) =>
    weightedLane(kind, crew) ?? electedLane(kind, crew);
