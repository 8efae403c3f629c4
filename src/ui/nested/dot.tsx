/** The mark of a node's preferred merge: hollow where it is predicted. */
export function Dot({ hollow = false }: { readonly hollow?: boolean }) {
  return (
    <svg className="nested-dot" width="11" height="11" viewBox="-6 -6 12 12" aria-hidden="true" focusable="false">
      <circle className={hollow ? 'predicted' : 'measured'} r={4.5} />
    </svg>
  );
}
