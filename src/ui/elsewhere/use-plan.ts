import { useEffect, useRef, useState } from 'react';
import { openPlanner, type Planner, planFrom } from '../../store/elsewhere/plan.ts';
import { useStudio } from '../../store/studio.ts';

type PlanReply = NonNullable<Awaited<ReturnType<Planner['plan']>>>;
export type Offer = Extract<PlanReply, { readonly kind: 'offer' }>;
export type Archive = Extract<Offer['archive'], { readonly paths: readonly string[] }>;

/**
 * The plan of what is on the screen, made anew when anything about it changes; undefined while the first one is made.
 * @param count merges; twice the unknowns while it is undefined
 */
export function usePlan(count: number | undefined, tasks: string): PlanReply | undefined {
  const recipe = useStudio((state) => state.recipe);
  const elsewhere = useStudio((state) => state.elsewhere);
  const points = useStudio((state) => state.points);
  const configuration = useStudio((state) => state.configuration);
  const planner = useRef<Planner | null>(null);
  const [reply, setReply] = useState<PlanReply>();
  useEffect(() => {
    const own = openPlanner();
    planner.current = own;
    return () => own.close();
  }, []);
  useEffect(() => {
    const from = planFrom({ recipe, elsewhere, points, configuration });
    if (!from) return setReply({ kind: 'refused', reasons: ['Open a mix first, or a mergekit configuration.'] });
    planner.current?.plan({ from, tasks, ...(count !== undefined && { count }) }).then(
      (made) => made && setReply(made),
      (error: unknown) =>
        setReply({ kind: 'refused', reasons: [error instanceof Error ? error.message : String(error)] }),
    );
  }, [recipe, elsewhere, points, configuration, count, tasks]);
  return reply;
}
