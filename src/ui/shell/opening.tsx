import { useStudio } from '../../store/studio.ts';
import { megabytes } from '../charts/format.ts';

/** How much of the models and samples has arrived; once the studio is open, the result panel tells it. */
function Arrived() {
  const zoo = useStudio((state) => state.zoo);
  if (zoo.phase !== 'loading' || zoo.total === 0) return <p className="hint">Opening …</p>;
  return (
    <div className="arrived">
      <progress aria-label="Loading models and samples" max={zoo.total} value={zoo.received} />
      <span>
        {megabytes(zoo.received)} of {megabytes(zoo.total)}
      </span>
    </div>
  );
}

/** Widths of four bars that might be tasks. */
const widths = ['71%', '93%', '84%', '62%'];

/** What is on the page until the card of the family has arrived: the same skeleton as index.html. */
export function Opening() {
  return (
    <main className="opening">
      <p className="headline">Mix small neural networks and watch every task respond. You can’t break it.</p>
      <Arrived />
      <div className="skeleton" aria-hidden="true">
        {widths.map((width) => (
          <i key={width} style={{ width }} />
        ))}
      </div>
    </main>
  );
}
