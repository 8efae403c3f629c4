import { PIN_LETTERS, selectReference } from '../../store/pins.ts';
import { useStudio } from '../../store/studio.ts';

/** The marks, named once and quietly. */
export function ResultKey() {
  const reference = useStudio(selectReference);
  return (
    <p className="result-key">
      <Entry name="base">
        <circle cx="6" cy="6" r="3" />
      </Entry>
      <Entry name="own expert">
        <path d="M6 1.8L10.2 6L6 10.2L1.8 6Z" />
      </Entry>
      <Entry name="uniform average">
        <path d="M6 0V12" strokeWidth={2} />
      </Entry>
      <Entry name="95 % interval">
        <path d="M1 6H11M1 3V9M11 3V9" />
      </Entry>
      <Entry name="estimated">
        <path d="M0 2.5H11.5V9.5H0" strokeDasharray="3 2" />
      </Entry>
      {reference && (
        <Entry name={`${PIN_LETTERS[reference.name]}, pinned`}>
          <rect className="pinned-key" x="0" y="1" width="11" height="10" />
        </Entry>
      )}
    </p>
  );
}

function Entry({ name, children }: { readonly name: string; readonly children: React.ReactNode }) {
  return (
    <span>
      <svg width="12" height="12" aria-hidden="true" focusable="false">
        {children}
      </svg>
      {name}
    </span>
  );
}
