import { useState } from 'react';
import { expertsOf, type NamedTree } from '../../store/nested-tree.ts';
import { recipeAt } from '../../store/point-recipe.ts';
import { short } from '../../store/sentence.ts';
import { selectSpace } from '../../store/space.ts';
import { useStudio } from '../../store/studio.ts';
import { percent } from '../charts/format.ts';
import { Icon } from '../icons.tsx';
import { ExpertMark } from '../marks.tsx';
import { Dot } from './dot.tsx';
import { type Expert, namesOf } from './experts.ts';
import { Group } from './group.tsx';
import { NodePlot } from './node-plot.tsx';
import { axesOf, type DrawnNode, type NodeMark } from './places.ts';

interface NodeCardProps {
  readonly node: DrawnNode;
  /** Experts of the left side are the first so many of the leaves. */
  readonly cut: number;
  readonly experts: readonly Expert[];
  readonly nodePoints: number;
}

/** One small MAP: two models, the merges of the two, and which of them the weights prefer. */
export function NodeCard({ node, cut, experts, nodePoints }: NodeCardProps) {
  const [mark, setMark] = useState<NodeMark>();
  const sides = [node.leaves.slice(0, cut), node.leaves.slice(cut)] as const;
  const [a, b] = node.pick?.c ?? [];
  return (
    <section
      className={`node-card ${node.state}`}
      aria-label={`Merge of ${namesOf(sides[0], experts)} with ${namesOf(sides[1], experts)}`}
      data-node={node.id}
      data-state={node.state}
      data-pick={node.pick?.coefficients.join()}
    >
      <p className="node-head">
        <span title="The preferred merge: how much of either model">
          <b>{a === undefined ? '' : short(a)}</b>
          <Group leaves={sides[0]} experts={experts} />
          <span aria-hidden="true">+</span>
          <b>{b === undefined ? '' : short(b)}</b>
          <Group leaves={sides[1]} experts={experts} />
        </span>
        <Unpair leaves={node.leaves} experts={experts} />
      </p>
      <p className="axis-name up">
        <span>
          <Group leaves={sides[1]} experts={experts} /> % ↑
        </span>
        {node.fit.length > 0 && (
          <span title="Leave-one-out R² of the two quadratics: 1 is perfect, 0 no better than the mean">
            R² {node.fit.map((value) => (value === undefined ? '–' : short(value))).join(' · ')}
          </span>
        )}
      </p>
      <NodePlot node={node} sides={sides} experts={experts} onPoint={setMark} onChoose={choose} />
      <p className="axis-name across">
        <Group leaves={sides[0]} experts={experts} /> % →
      </p>
      {mark ? <Pointed mark={mark} node={node} experts={experts} /> : <Caption node={node} nodePoints={nodePoints} />}
    </section>
  );
}

/** Sets the sliders to a merge; experts that are not below its node are left at 0. */
function choose({ point }: NodeMark): void {
  const state = useStudio.getState();
  const { recipe, adopt } = state;
  if (recipe) adopt(recipeAt(recipe, point.coefficients, selectSpace(state)));
}

/** Takes a pair that was made by hand apart again. */
function Unpair({ leaves, experts }: Pick<DrawnNode, 'leaves'> & { readonly experts: readonly Expert[] }) {
  const pairs = useStudio((state) => state.pairs);
  const unpair = useStudio((state) => state.unpair);
  const own = pairs.find((pair) => isOf(pair, leaves, experts));
  if (!own) return null;
  const name = namesOf(leaves, experts);
  return (
    <span className="by-hand">
      by hand
      <button
        type="button"
        className="step"
        aria-label={`Take ${name} apart`}
        title="Take apart"
        onClick={() => unpair(own)}
      >
        <Icon name="close" size={12} />
      </button>
    </span>
  );
}

function isOf(pair: NamedTree, leaves: readonly number[], experts: readonly Expert[]): boolean {
  const inMix = expertsOf(pair).filter((id) => experts.some((expert) => expert.id === id));
  return inMix.length === leaves.length && leaves.every((i) => inMix.includes(experts[i]?.id ?? ''));
}

const both = ({ x, y }: { readonly x: number; readonly y: number }) => `${percent(x)} · ${percent(y)}`;

function Pointed({ mark, node, experts }: { mark: NodeMark; node: DrawnNode; experts: readonly Expert[] }) {
  const { point, kind } = mark;
  const measured = kind === 'sample' || kind === 'measured';
  return (
    <p className="node-caption">
      <span className="coefficient-list">
        {node.leaves.map((i) => (
          <span key={i}>
            <ExpertMark index={experts[i]?.index ?? 0} size={11} />
            {short(point.coefficients[i] ?? 0)}
          </span>
        ))}
      </span>
      {measured ? <b>{both(point)}</b> : <i>{both(point)}</i>}
      <span>{measured ? `measured, n = ${node.n} per task` : 'predicted, not measured'}</span>
    </p>
  );
}

function Caption({ node, nodePoints }: { readonly node: DrawnNode; readonly nodePoints: number }) {
  const { state, samples, n, pick } = node;
  switch (state) {
    case 'waiting':
      return <p className="node-caption">not measured yet</p>;
    case 'sampling':
      return (
        <p className="node-caption">
          <span>{`${samples.length} of ${nodePoints} merges measured`}</span>
          {n > 0 && <span>{`n = ${n} per task`}</span>}
        </p>
      );
    case 'outdated':
      return (
        <p className="node-caption">
          <span>A model above has changed:</span>
          <span>these merges are of the old one.</span>
          <span>To be measured anew.</span>
        </p>
      );
    case 'choosing':
    case 'done':
      return (
        <p className="node-caption">
          <span>
            <Dot hollow /> <i>{pick && both(pick.predicted)}</i> <span className="word">predicted</span>
          </span>
          {pick?.measured ? (
            <span>
              <Dot /> <b>{both(pick.measured)}</b> <span className="word">measured</span>
            </span>
          ) : (
            <span>not measured yet</span>
          )}
          <span>{`${samples.length} merges, n = ${n}${outside(node)}`}</span>
        </p>
      );
  }
}

function outside(node: DrawnNode): string {
  const { x, y } = axesOf(node);
  const count = node.samples.filter((point) => point.x < x.domain[0] || point.y < y.domain[0]).length;
  return count > 0 ? ` · ${count} below the axes` : '';
}
