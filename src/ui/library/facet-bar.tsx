import { countWith, type Facet, type FacetGroup, facetGroups } from './facets.ts';

interface FacetBarProps {
  /** Facets of every method that the search finds, and of every method at all. */
  readonly found: readonly ReadonlySet<string>[];
  readonly all: readonly ReadonlySet<string>[];
  readonly chosen: ReadonlySet<string>;
  readonly onChoose: (chosen: ReadonlySet<string>) => void;
}

function toggled(chosen: ReadonlySet<string>, id: string): ReadonlySet<string> {
  const next = new Set(chosen);
  if (!next.delete(id)) next.add(id);
  return next;
}

/** Filters with the number of methods that each would leave; those that no method has are not there. */
export function FacetBar({ found, all, chosen, onChoose }: FacetBarProps) {
  const exists = ({ id }: Facet) => all.some((facets) => facets.has(id));
  const groups = facetGroups.flatMap((group): FacetGroup[] => {
    const facets = group.facets.filter(exists);
    return facets.length > 0 ? [{ ...group, facets }] : [];
  });
  return (
    <div className="facets">
      {groups.map((group) => (
        <fieldset key={group.name} aria-label={group.name}>
          {group.facets.map(({ id, name, help }) => (
            <Chip
              key={id}
              name={name}
              help={help}
              count={countWith(id, found, chosen)}
              chosen={chosen.has(id)}
              onToggle={() => onChoose(toggled(chosen, id))}
            />
          ))}
        </fieldset>
      ))}
      <button type="button" className="flat" disabled={chosen.size === 0} onClick={() => onChoose(new Set())}>
        Clear filters
      </button>
    </div>
  );
}

interface ChipProps {
  readonly name: string;
  readonly help: string;
  readonly count: number;
  readonly chosen: boolean;
  readonly onToggle: () => void;
}

function Chip({ name, help, count, chosen, onToggle }: ChipProps) {
  return (
    <button
      type="button"
      className="chip"
      title={help}
      aria-pressed={chosen}
      disabled={count === 0 && !chosen}
      onClick={onToggle}
    >
      {name} <span>{count}</span>
    </button>
  );
}
