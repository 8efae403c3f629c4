import type { CSSProperties } from 'react';
import { selectNested, selectShares } from '../../store/nested.ts';
import { useStudio } from '../../store/studio.ts';
import { expertColour } from '../experts.ts';
import { StarMark } from '../marks.tsx';
import { Dot } from './dot.tsx';
import type { Expert } from './experts.ts';
import { type Layout, layoutOf, type Place } from './layout.ts';
import { LeafCard } from './leaf-card.tsx';
import { NodeCard } from './node-card.tsx';
import type { DrawnNode } from './places.ts';

/** Pixels of the rows of the drawing. */
interface Rows {
  readonly leaf: number;
  readonly node: number;
}
const ROOMY: Rows = { leaf: 86, node: 256 };
/** From so many experts on, words need a line more. */
const CROWD = 6;
const CROWDED: Rows = { leaf: 104, node: 274 };
const GAP = 28;

const topOf = ({ level }: Place, { leaf, node }: Rows) => (level === 0 ? 0 : leaf + GAP + (level - 1) * (node + GAP));
const bottomOf = (place: Place, rows: Rows) => topOf(place, rows) + (place.level === 0 ? rows.leaf : rows.node);

const NO_NODES: readonly DrawnNode[] = [];

/** Experts on top; each pair below what it merges, down to the root. On a narrow screen the same as a list. */
export function Tree({ experts }: { readonly experts: readonly Expert[] }) {
  const nested = useStudio(selectNested);
  const shares = useStudio(selectShares);
  const nodePoints = useStudio((state) => state.nodePoints);
  const nodes = nested?.nodes ?? NO_NODES;
  const layout = layoutOf(nodes, experts.length);
  const undecided = experts.length - 1 - nodes.length;
  const crowded = experts.length >= CROWD;
  const rows = crowded ? CROWDED : ROOMY;
  const height = rows.leaf + layout.levels * (rows.node + GAP);
  const styleOf = (id: string) => style(layout.places.get(id), experts.length, rows);
  const cutOf = (node: DrawnNode) => layout.places.get(node.left)?.span ?? 1;
  return (
    <>
      <div className={crowded ? 'nested-tree crowded' : 'nested-tree'} style={sizes(height, rows)}>
        <Branches nodes={nodes} layout={layout} experts={experts} height={height} rows={rows} />
        {layout.order.map((i) => {
          const expert = experts[i];
          return expert ? (
            <div key={expert.id} className="nested-place leaf" style={styleOf(String(i))}>
              <LeafCard expert={expert} share={shares[i] ?? 0} alone={nested?.alone[i] ?? null} />
            </div>
          ) : null;
        })}
        {nodes.map((node) => (
          <div key={node.id} className="nested-place" style={styleOf(node.id)}>
            <NodeCard node={node} cut={cutOf(node)} experts={experts} nodePoints={nodePoints} />
          </div>
        ))}
      </div>
      {nodes.length > 0 && <Legend />}
      {nested && undecided > 0 && (
        <p className="nested-undecided">
          {nodes.length === 0 ? `${undecided} nodes` : `${undecided} more ${undecided === 1 ? 'node' : 'nodes'}`}: the
          two models of nearest accuracy are merged next, which is known as soon as they are measured.
        </p>
      )}
    </>
  );
}

const sizes = (height: number, { leaf, node }: Rows) =>
  ({ '--height': `${height}px`, '--leaf': `${leaf}px`, '--node': `${node}px` }) as CSSProperties;

function style(place: Place | undefined, experts: number, rows: Rows): CSSProperties {
  if (!place) return {};
  return {
    '--left': `${(100 * place.from) / experts}%`,
    '--width': `${(100 * place.span) / experts}%`,
    '--top': `${topOf(place, rows)}px`,
  } as CSSProperties;
}

function Legend() {
  return (
    <p className="plot-key nested-key">
      <span>calibration split, used to choose</span>
      <span>grey dots: measured merges</span>
      <span>dashed: predicted front</span>
      <span>
        <Dot hollow /> preferred, predicted
      </span>
      <span>
        <Dot /> the same, measured
      </span>
      <span>
        <StarMark size={11} /> on the sliders
      </span>
      <span>branches: as thick as the coefficient</span>
    </p>
  );
}

interface BranchesProps {
  readonly nodes: readonly DrawnNode[];
  readonly layout: Layout;
  readonly experts: readonly Expert[];
  readonly height: number;
  readonly rows: Rows;
}

/** From each model to the node that merges it, as thick as its chosen coefficient. */
function Branches({ nodes, layout, experts, height, rows }: BranchesProps) {
  const across = ({ from, span }: Place) => (100 * (from + span / 2)) / experts.length;
  return (
    <svg
      className="nested-branches"
      viewBox={`0 0 100 ${height}`}
      preserveAspectRatio="none"
      aria-hidden="true"
      focusable="false"
    >
      {nodes.flatMap((node) =>
        [node.left, node.right].map((child, side) => {
          const [above, below] = [layout.places.get(child), layout.places.get(node.id)];
          if (!above || !below) return null;
          const c = node.pick?.c[side];
          const [x, top, to] = [across(above), bottomOf(above, rows), topOf(below, rows)];
          const expert = experts[Number(child)];
          return (
            <path
              key={child}
              className={c === undefined ? 'open' : undefined}
              d={`M${x},${top}V${to - GAP / 2}H${across(below)}V${to}`}
              stroke={expert ? expertColour(expert.index) : 'var(--muted)'}
              strokeWidth={c === undefined ? 1 : 1 + 4 * c}
              vectorEffect="non-scaling-stroke"
            />
          );
        }),
      )}
    </svg>
  );
}
