import { useFiles } from '../../store/files/store.ts';
import { currentEntry, type Entry } from '../ingredients/methods.ts';
import { EntryRow } from '../library/entry-row.tsx';
import { type Listed, listing, matching } from '../library/listing.ts';
import { MethodSearch, Shelves } from '../library/method-search.tsx';
import { refusalOf } from './refusals.ts';

type Handbook = Parameters<typeof listing>[0];

/** All methods; those that cannot merge these files say why. */
export default function MethodSheet({ onClose }: { readonly onClose: () => void }) {
  return (
    <MethodSearch onClose={onClose}>
      {(handbook, query) => <OwnShelves handbook={handbook} query={query} onClose={onClose} />}
    </MethodSearch>
  );
}

interface OwnShelvesProps {
  readonly handbook: Handbook;
  readonly query: string;
  readonly onClose: () => void;
}

function OwnShelves({ handbook, query, onClose }: OwnShelvesProps) {
  const recipe = useFiles((state) => state.recipe);
  const check = useFiles((state) => state.check);
  const choose = useFiles((state) => state.methodChosen);
  const current = currentEntry(recipe)?.id;
  const all = listing(handbook, recipe.experts.length).map(
    (one): Listed => ({ ...one, reason: refusalOf(check, one.entry.id) ?? one.reason }),
  );
  const found = matching(all, query);
  const fitting = found.filter(({ reason }) => reason === undefined).length;
  const stateOf = ({ id, kind }: Entry) => {
    if (id === current) return 'chosen';
    return kind !== 'merge' && recipe.chain.some((step) => step.method === id) ? 'added' : 'free';
  };
  const take = (entry: Entry) => {
    if (stateOf(entry) === 'free') choose(entry.id);
    onClose();
  };
  return (
    <div className="shelves alone">
      <p className="hint" role="status">
        {fitting} of {found.length} methods can merge these models.
      </p>
      <Shelves
        found={found}
        row={(one) => (
          <EntryRow key={one.entry.id} listed={one} use={stateOf(one.entry)} onChoose={() => take(one.entry)} />
        )}
      />
      {found.length === 0 && <p className="none">No method matches “{query}”.</p>}
    </div>
  );
}
