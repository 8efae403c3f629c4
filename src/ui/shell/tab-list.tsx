import type { KeyboardEvent } from 'react';

interface TabListProps<T extends string> {
  readonly label: string;
  readonly tabs: readonly T[];
  readonly shown: T;
  /** Id of the element that shows what is chosen. */
  readonly panel: string;
  readonly onChoose: (tab: T) => void;
}

/** Tabs over a panel: arrow keys go from one to the next. */
export function TabList<T extends string>({ label, tabs, shown, panel, onChoose }: TabListProps<T>) {
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const by = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    const next = tabs[(tabs.indexOf(shown) + by + tabs.length) % tabs.length];
    if (by === 0 || !next) return;
    event.preventDefault();
    onChoose(next);
    document.getElementById(`tab-${next}`)?.focus();
  };
  return (
    <div className="tabs" role="tablist" aria-label={label} onKeyDown={onKeyDown}>
      {tabs.map((name) => (
        <button
          key={name}
          type="button"
          role="tab"
          id={`tab-${name}`}
          aria-selected={name === shown}
          aria-controls={panel}
          tabIndex={name === shown ? 0 : -1}
          onClick={() => onChoose(name)}
        >
          {name}
        </button>
      ))}
    </div>
  );
}
