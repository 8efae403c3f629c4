import { type ReactNode, useMemo, useState } from 'react';
import type { PrintedHandbook } from '../../methods/metadata.ts';
import { useStudio } from '../../store/studio.ts';
import { currentEntry, type Entry, type Recipe } from '../ingredients/methods.ts';
import { useMedia } from '../shell/use-media.ts';
import { EntryRow } from './entry-row.tsx';
import { FacetBar } from './facet-bar.tsx';
import { isWanted } from './facets.ts';
import { listing, matching } from './listing.ts';
import { MethodSearch, Shelves } from './method-search.tsx';
import { PreviewNumber } from './preview-number.tsx';
import { usePreview } from './use-preview.ts';

/** All methods on shelves by family, with filters and a search; what does not fit the mix says why. */
export default function MethodBrowser({ onClose }: { readonly onClose: () => void }) {
  const recipe = useStudio((state) => state.recipe);
  if (!recipe) return null;
  return (
    <MethodSearch onClose={onClose}>
      {(handbook, query) => <Library handbook={handbook} recipe={recipe} query={query} onClose={onClose} />}
    </MethodSearch>
  );
}

interface LibraryProps {
  readonly handbook: PrintedHandbook;
  readonly recipe: Recipe;
  readonly query: string;
  readonly onClose: () => void;
}

function Library({ handbook, recipe, query, onClose }: LibraryProps) {
  const chooseMethod = useStudio((state) => state.chooseMethod);
  const setView = useStudio((state) => state.setView);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const { rest, leave } = usePreview();
  const experts = recipe.experts.length;
  const all = useMemo(() => listing(handbook, experts), [handbook, experts]);
  const named = matching(all, query);
  const found = named.filter(({ facets }) => isWanted(facets, chosen));
  const current = currentEntry(recipe)?.id;
  const placeOf = ({ id, kind }: Entry) => {
    if (id === current) return 'chosen';
    return kind !== 'merge' && recipe.chain.some((step) => step.method === id) ? 'added' : 'free';
  };
  const choose = (entry: Entry) => {
    if (placeOf(entry) === 'free') chooseMethod(entry.id);
    onClose();
  };
  return (
    <div className="library">
      <Fold chosen={chosen.size}>
        <FacetBar
          found={named.map(({ facets }) => facets)}
          all={all.map(({ facets }) => facets)}
          chosen={chosen}
          onChoose={setChosen}
        />
      </Fold>
      <div className="shelves">
        <p className="hint">
          <span role="status">
            {found.length} of {all.length} methods.
          </span>{' '}
          Percentages are mean accuracies over the {experts} {experts === 1 ? 'task' : 'tasks'} of the mix, with the
          method’s defaults. <span className="by-pointer">Rest on a method to have it measured.</span>
        </p>
        <Shelves
          found={found}
          row={(one) => (
            <EntryRow
              key={one.entry.id}
              listed={one}
              use={placeOf(one.entry)}
              preview={<PreviewNumber entry={one.entry} />}
              onChoose={() => choose(one.entry)}
              onAbout={() => setView({ doc: one.entry.id })}
              onRest={() => rest(one.entry.id)}
              onLeave={leave}
            />
          )}
        />
        {found.length === 0 && (
          <p className="none">
            No method matches{query && ` “${query}”`}
            {chosen.size > 0 && ' with these filters'}.
          </p>
        )}
      </div>
    </div>
  );
}

/** On a phone the filters are folded away until they are wanted. */
function Fold({ chosen, children }: { readonly chosen: number; readonly children: ReactNode }) {
  const phone = useMedia('(max-width: 720px)');
  if (!phone) return children;
  return (
    <details className="facet-fold">
      <summary>Filters{chosen > 0 && ` (${chosen})`}</summary>
      {children}
    </details>
  );
}
