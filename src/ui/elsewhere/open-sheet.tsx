import { examplePoints } from '../../store/elsewhere/example.ts';
import { useStudio } from '../../store/studio.ts';
import { ChooseFiles } from '../controls/choose-files.tsx';
import { Sheet } from '../controls/sheet.tsx';
import { save } from '../save.ts';
import { openChosen } from './files.ts';
import './sheets.css';

/** What can be opened, how a file has to look, and what came of the last one. */
export default function OpenSheet({ onClose }: { readonly onClose: () => void }) {
  const opened = useStudio((state) => state.opened);
  const setDialog = useStudio((state) => state.setDialog);
  return (
    <Sheet title="Open measurements" onClose={onClose} className="elsewhere-sheet">
      <div className="sheet-content">
        {opened && (
          <section className="opened" role="status">
            <h3>{opened.title}</h3>
            <ul>
              {opened.notes.map((note) => (
                <li key={note}>{note}</li>
              ))}
            </ul>
          </section>
        )}
        <p>
          Merges that were made and measured elsewhere, of models of any size: the sliders, the front and the estimates
          work as they do here. Drop the files anywhere on the page, or choose them. They stay in this browser.
        </p>
        <div className="sheet-actions">
          <ChooseFiles
            name="Choose files …"
            accept=".csv,.json,.yaml,.yml"
            onChoose={(files) => void openChosen(files)}
          />
          <ChooseFiles name="Choose a folder …" folder onChoose={(files) => void openChosen(files)} />
        </div>
        <h3>What is read</h3>
        <ul>
          <li>
            A <b>CSV</b>, one merge per row, with the header <code>coefficient.name,…,task.name,…</code>, and where they
            are known <code>n.name</code> (samples) and <code>stderr.name</code>.{' '}
            <button
              type="button"
              className="flat"
              onClick={() => save('example-points.csv', new Blob([examplePoints()], { type: 'text/csv' }))}
            >
              save an example
            </button>{' '}
            (its numbers are invented)
          </li>
          <li>
            The same as <b>JSON</b>: <code>{'{ "coefficients": [names], "tasks": [names], "points": [{ … }] }'}</code>.
          </li>
          <li>
            Results of <b>lm-evaluation-harness</b>, one JSON per merge, together with the plan’s{' '}
            <code>coefficients.csv</code>: choose them all, or their folder.
          </li>
          <li>
            A <b>mergekit</b> configuration, to plan merges from it.
          </li>
        </ul>
        <p className="hint">
          Values of 0 to 1 are read as accuracies, others on their own scale. Rows that cannot be used are named by
          their line; the rest is used.
        </p>
        <p>
          Small networks can be measured here:{' '}
          <button type="button" className="flat" onClick={() => setDialog('own')}>
            Your own models and data …
          </button>
        </p>
        <p>
          Nothing is measured yet?{' '}
          <button type="button" className="flat" onClick={() => setDialog('plan')}>
            Plan merges for your own models …
          </button>
        </p>
      </div>
    </Sheet>
  );
}
