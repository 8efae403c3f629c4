import { type NodePoints, nestedObstacle, selectNested } from '../../store/nested.ts';
import { selectBudget } from '../../store/selectors.ts';
import { selectSpace } from '../../store/space.ts';
import { useStudio } from '../../store/studio.ts';
import { Term } from '../controls/term.tsx';
import { useExperts } from './experts.ts';
import { Outcome } from './outcome.tsx';
import { Pairing } from './pairing.tsx';
import { Run } from './run.tsx';
import { Tree } from './tree.tsx';
import './nested.css';

/** Nested MAP: experts merged two by two, with a small front at every node. */
export default function NestedPanel() {
  const recipe = useStudio((state) => state.recipe);
  const space = useStudio(selectSpace);
  const nodePoints = useStudio((state) => state.nodePoints);
  const experts = useExperts();
  if (!recipe) return null;
  const obstacle = nestedObstacle(recipe, space);
  if (obstacle === 'pack')
    return (
      <p className="note">
        This method gives one network for each task. Nested MAP carries one network for several tasks from node to node:
        choose a method that gives a single one, such as Task Arithmetic.
      </p>
    );
  if (obstacle === 'coefficients')
    return (
      <p className="note">
        Nested MAP needs a method with one coefficient per expert that may be 0 and 1, such as Task Arithmetic: each of
        its nodes adds some experts and leaves the others out.
      </p>
    );
  if (obstacle === 'experts')
    return (
      <p className="note">
        {experts.length < 2
          ? 'One expert has nothing to be merged with.'
          : 'Two experts make one node, and that is plain MAP: look at “two tasks”.'}{' '}
        Nested MAP begins with three experts: switch on {3 - experts.length} more.
      </p>
    );
  return (
    <div className="nested">
      <Idea experts={experts.length} nodePoints={nodePoints} />
      <Run />
      <Tree experts={experts} />
      <Pairing experts={experts} />
      <Outcome experts={experts} />
    </div>
  );
}

/** What nested MAP does, in numbers. */
function Idea({ experts, nodePoints }: { readonly experts: number; readonly nodePoints: NodePoints }) {
  const budget = useStudio(selectBudget);
  if (!budget) return null;
  const nodes = experts - 1;
  return (
    <div className="nested-idea">
      <p>
        <Term help="Nested-merging MAP (Li et al. 2024): the merge that a node prefers goes on as one model, so that the next node again has two coefficients only.">
          Nested MAP
        </Term>{' '}
        merges two by two: N − 1 = {nodes} fronts in two coefficients, {nodePoints} merges each: {nodes * nodePoints} on
        the tasks of their nodes. One front in {experts} coefficients has p = {budget.unknowns} unknowns: 2p ={' '}
        {budget.merges} merges on all {experts} tasks.
      </p>
      <Weights />
    </div>
  );
}

/** What the sliders mean, and what other weights need. */
function Weights() {
  const equal = useStudio((state) => state.equalPreferences);
  const weighted = useStudio((state) => Object.keys(state.preferences).length > 0);
  const running = useStudio((state) => state.nestedRun !== null);
  const nested = useStudio(selectNested);
  const count = (wanted: string) => nested?.nodes.filter(({ state }) => state === wanted).length ?? 0;
  const [choosing, outdated] = [count('choosing'), count('outdated')];
  const needs = [
    ...(choosing > 0
      ? [`${choosing} ${choosing === 1 ? 'node needs its' : 'nodes need their'} preferred merge measured`]
      : []),
    ...(outdated > 0 ? [`${outdated} ${outdated === 1 ? 'needs' : 'need'} new merges`] : []),
  ];
  return (
    <p aria-live="polite">
      {needs.length > 0 && !running
        ? `Chosen anew from what is measured: ${needs.join(', ')}.`
        : 'Set how much each task counts; only proportions matter.'}
      {weighted && (
        <button type="button" className="flat" onClick={equal}>
          all alike
        </button>
      )}
    </p>
  );
}
