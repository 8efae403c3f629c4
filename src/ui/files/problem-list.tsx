import { useFiles } from '../../store/files/store.ts';
import { Icon } from '../icons.tsx';

/** Files that could not be opened, each with what to do; notes about those that could. */
export function ProblemList() {
  const problems = useFiles((state) => state.problems);
  const read = useFiles((state) => state.problemsRead);
  if (problems.length === 0) return null;
  const refused = problems.filter(({ kind }) => kind === 'refused').length;
  return (
    <section className="file-problems" role="alert" aria-label="Files that could not be opened">
      <header>
        <h3>
          {refused > 0 ? `${refused} ${refused === 1 ? 'file' : 'files'} could not be opened` : 'About these files'}
        </h3>
        <button type="button" className="flat-icon" aria-label="Put these notes away" onClick={read}>
          <Icon name="close" size={12} />
        </button>
      </header>
      <ul>
        {problems.map(({ kind, message, todo }) => (
          <li key={message} data-kind={kind}>
            {message}
            <span className="hint">{todo}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
