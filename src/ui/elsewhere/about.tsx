import { setSmaller } from '../../store/elsewhere/screen.ts';
import { metricOf } from '../../store/metrics.ts';
import { useStudio } from '../../store/studio.ts';
import { ExpertMark } from '../marks.tsx';

const NOBODY: readonly string[] = [];

/** Which side of each task is the better one: fronts, floors and picks follow. */
export function Directions() {
  const tasks = useStudio((state) => state.recipe?.experts ?? NOBODY);
  return (
    <section className="directions" aria-label="Tasks">
      <header className="section-head">
        <h2>Tasks</h2>
      </header>
      <ul>
        {tasks.map((task, index) => (
          <Direction key={task} task={task} index={index} />
        ))}
      </ul>
    </section>
  );
}

function Direction({ task, index }: { readonly task: string; readonly index: number }) {
  const metric = useStudio((state) => metricOf(state, task));
  return (
    <li>
      <ExpertMark index={index} />
      <span className="task-name" title={task}>
        {task}
      </span>
      <span className="hint">{metric.share ? '0 to 100 %' : 'own scale'}</span>
      <label title="Fronts, floors and estimates follow">
        <input
          type="checkbox"
          aria-label={`smaller is better: ${task}`}
          checked={metric.smaller}
          onChange={(event) => setSmaller(task, event.currentTarget.checked)}
        />
        smaller is better
      </label>
    </li>
  );
}

/** More lines than anybody scrolls through; the rest is counted. */
const MOST_NOTES = 200;

/** What was left out or assumed when the file was read. It stays as long as the file is on the screen. */
export function FileNotes() {
  const notes = useStudio((state) => state.elsewhere?.notes ?? NOBODY);
  if (notes.length === 0) return null;
  return (
    <details className="file-notes" open>
      <summary>
        {notes.length} {notes.length === 1 ? 'remark' : 'remarks'} on the file
      </summary>
      <ul aria-label="Remarks on the file">
        {notes.slice(0, MOST_NOTES).map((note) => (
          <li key={note}>{note}</li>
        ))}
        {notes.length > MOST_NOTES && <li>… and {notes.length - MOST_NOTES} more</li>}
      </ul>
    </details>
  );
}
