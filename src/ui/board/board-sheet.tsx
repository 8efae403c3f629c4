import { useEffect, useState } from 'react';
import { selectBoard, steerBoard } from '../../store/board-run.ts';
import { type BoardLine, selectLines } from '../../store/board-views.ts';
import { useStudio } from '../../store/studio.ts';
import { Segmented } from '../controls/segmented.tsx';
import { Sheet } from '../controls/sheet.tsx';
import { BoardActions } from './board-actions.tsx';
import { BoardTable } from './board-table.tsx';
import type { Shown } from './order.ts';
import './board.css';

const SHOWN = [
  { value: 'first', name: 'Defaults', help: 'Every method with the controls that it comes with' },
  { value: 'tuned', name: 'Tuned', help: 'Every method with the best of its tuning, chosen on calibration' },
] as const;

const isTuned = (lines: readonly BoardLine[]) =>
  lines.some(({ tuned }) => tuned) && lines.every(({ first, tuned, untunable }) => !first || tuned || untunable);

/** All methods on the mix on the screen: measured in idle time, sorted, taken by a click. */
export default function BoardSheet({ onClose }: { readonly onClose: () => void }) {
  const lines = useStudio(selectLines);
  // What is ranked stays while rows are being tuned: they would jump.
  const [shown, setShown] = useState<Shown>(() => (isTuned(lines) ? 'tuned' : 'first'));
  const [trained, setTrained] = useState(false);
  useEffect(steerBoard, []);
  const anyTuned = lines.some(({ tuned }) => tuned);
  const rows = lines.filter((line) => trained || !line.trained || line.first || line.failure);
  return (
    <Sheet title="Leaderboard" onClose={onClose} className="board-sheet">
      <div className="board">
        <Mix />
        <BoardActions lines={rows}>
          {anyTuned && <Segmented label="What is ranked" options={SHOWN} value={shown} onChoose={setShown} />}
        </BoardActions>
        <BoardTable lines={rows} shown={shown} onAdopt={onClose} />
        <Trained lines={lines} trained={trained} onChange={setTrained} />
        <LeftOut />
      </div>
    </Sheet>
  );
}

/** Which mix it is, and how it is measured. */
function Mix() {
  const card = useStudio((state) => state.card);
  const recipe = useStudio((state) => state.recipe);
  const samples = useStudio((state) => state.samples);
  if (!card || !recipe) return null;
  const names = recipe.experts.map((id) => card.tasks.find((task) => task.id === id)?.name ?? id);
  return (
    <p className="hint">
      {names.join(', ')} merged by every method that takes{' '}
      {names.length === 1 ? 'one expert' : `${names.length} experts`}. Test split, n = {samples} per task; whiskers are
      95 % intervals of all answers together. It is measured here, whenever the page has nothing more urgent to do.
    </p>
  );
}

interface TrainedProps {
  readonly lines: readonly BoardLine[];
  readonly trained: boolean;
  readonly onChange: (trained: boolean) => void;
}

function Trained({ lines, trained, onChange }: TrainedProps) {
  const names = lines.filter((line) => line.trained).map(({ name }) => name);
  if (names.length === 0) return null;
  return (
    <label className="board-trained">
      <input type="checkbox" checked={trained} onChange={(event) => onChange(event.currentTarget.checked)} />
      also what is trained by gradients, which takes long: {names.join(', ')}
    </label>
  );
}

function LeftOut() {
  const { leftOut } = useStudio(selectBoard);
  if (leftOut.length === 0) return null;
  return (
    <details className="board-left-out">
      <summary>
        {leftOut.length} {leftOut.length === 1 ? 'method does' : 'methods do'} not take this mix
      </summary>
      <ul>
        {leftOut.map(({ id, reason }) => (
          <li key={id}>{reason}</li>
        ))}
      </ul>
    </details>
  );
}
