import { addFiles, openFamily, useOwn } from '../../store/own/own-family.ts';
import { ChooseFiles, type ChosenFile } from '../controls/choose-files.tsx';
import { Sheet } from '../controls/sheet.tsx';
import { ModelRows } from './model-rows.tsx';
import { Scores } from './scores.tsx';
import './own.css';

const PHASES = {
  empty: '',
  reading: 'The files are read …',
  incomplete: '',
  checking: 'The data are read …',
  measuring: 'Base and experts are measured …',
  measured: '',
  failed: '',
} as const;

const add = (files: readonly ChosenFile[]) => void addFiles(files.map(({ path, file }) => ({ path, blob: file })));

/** Own models and own data: which are what, how good they are, and the way into the studio. */
export default function OwnSheet({ onClose }: { readonly onClose: () => void }) {
  const { phase, found, trouble, result, report } = useOwn();
  return (
    <Sheet title="Your own models and data" onClose={onClose} className="own-sheet">
      <div className="own-content">
        <p>
          A base and its experts as safetensors, and labelled data for each expert: the studio then merges and measures
          them as it does its own. Nothing leaves this browser.
        </p>
        <div className="own-actions">
          <ChooseFiles name="Choose files …" onChoose={add} />
          <ChooseFiles name="Choose a folder …" folder onChoose={add} />
          <span className="hint">or drop them here</span>
        </div>
        {found && found.problems.length > 0 && (
          <ul className="own-problems" role="alert">
            {found.problems.map((problem) => (
              <li key={problem}>{problem}</li>
            ))}
          </ul>
        )}
        {found && found.models.length > 0 && <ModelRows found={found} />}
        <p className="own-status" role="status" data-phase={phase}>
          {trouble || PHASES[phase]}
          {!trouble &&
            report &&
            ` ${report.sizes.test} test and ${report.sizes.calibration} calibration samples per task, never the same.`}
        </p>
        <Scores />
        {!found && <Help />}
        <div className="own-actions">
          <button type="button" className="primary" disabled={!result} onClick={() => void openFamily()}>
            Open in the studio
          </button>
          <span className="hint">The files are kept in this browser; a link to them needs the same files.</span>
        </div>
      </div>
    </Sheet>
  );
}

function Help() {
  return (
    <>
      <h3>What is read</h3>
      <ul>
        <li>
          <b>Models</b>: perceptrons (<code>layers.0.weight</code> …) and vision transformers (
          <code>patch_embed.weight</code> …) with heads <code>heads.task.weight</code>, as{' '}
          <code>docs/own-models.md</code> and its PyTorch script have them.
        </li>
        <li>
          <b>IDX</b> pairs, such as <code>digits-images-idx3-ubyte.gz</code> and{' '}
          <code>digits-labels-idx1-ubyte.gz</code>.
        </li>
        <li>
          <b>CSV</b> of numbers with a column <code>label</code>; <b>text lines</b> of a label, a tab and a text.
        </li>
        <li>
          <b>Pictures</b> in a folder of folders, one for each class.
        </li>
      </ul>
    </>
  );
}
