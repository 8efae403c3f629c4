import { layerNames, mostLayerGroups } from '../../store/layers.ts';
import { useStudio } from '../../store/studio.ts';
import { Segmented } from '../controls/segmented.tsx';
import { Term } from '../controls/term.tsx';

const HELP =
  'One coefficient for the whole network, or one for each group of its layers from input to output. Embeddings go with the first group, the final norm with the last.';

/** Into how many groups of layers the coefficients are divided. */
export function LayerGroups({ groups }: { readonly groups: number }) {
  const card = useStudio((state) => state.card);
  const setLayerGroups = useStudio((state) => state.setLayerGroups);
  if (!card) return null;
  const options = Array.from({ length: Math.max(groups, mostLayerGroups(card)) }, (_, i) => ({
    value: String(i + 1),
    name: String(i + 1),
    help: i === 0 ? 'one for all layers' : layerNames(card, i + 1).join(' | '),
  }));
  return (
    <div className="layer-groups">
      <Term help={HELP}>groups of layers</Term>
      <Segmented
        label="Groups of layers"
        options={options}
        value={String(groups)}
        onChoose={(chosen) => setLayerGroups(Number(chosen))}
      />
    </div>
  );
}
