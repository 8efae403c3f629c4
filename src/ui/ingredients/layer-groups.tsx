import { layerNames, mostLayerGroups } from '../../store/layers.ts';
import { Segmented } from '../controls/segmented.tsx';
import { Term } from '../controls/term.tsx';
import type { Mix } from './mix.ts';

const HELP =
  'One coefficient for the whole network, or one for each group of its layers from input to output. Embeddings go with the first group, the final norm with the last.';

/** Into how many groups of layers the coefficients are divided. */
export function LayerGroups({ groups, mix: { blocks, onDivide } }: { readonly groups: number; readonly mix: Mix }) {
  const options = Array.from({ length: Math.max(groups, mostLayerGroups(blocks)) }, (_, i) => ({
    value: String(i + 1),
    name: String(i + 1),
    help: i === 0 ? 'one for all layers' : layerNames(blocks, i + 1).join(' | '),
  }));
  return (
    <div className="layer-groups">
      <Term help={HELP}>groups of layers</Term>
      <Segmented
        label="Groups of layers"
        options={options}
        value={String(groups)}
        onChoose={(chosen) => onDivide(Number(chosen))}
      />
    </div>
  );
}
