/** Stretches of a line that lie within the limits, and those that do not. */

export interface Run<P> {
  readonly kept: boolean;
  readonly points: readonly P[];
}

/** The line in runs of one kind; between two kinds the stretch belongs to what is left out. */
export function runsOf<P>(line: readonly P[], keeps: (point: P) => boolean): readonly Run<P>[] {
  const runs: { kept: boolean; points: P[] }[] = [];
  let before: P | undefined;
  for (const point of line) {
    const kept = keeps(point);
    const open = runs.at(-1);
    if (open?.kept === kept) open.points.push(point);
    else {
      if (open && kept) open.points.push(point);
      runs.push({ kept, points: before !== undefined && !kept ? [before, point] : [point] });
    }
    before = point;
  }
  return runs;
}
