import { leaveElsewhere } from '../../store/elsewhere/screen.ts';
import { useStudio } from '../../store/studio.ts';
import { Icon } from '../icons.tsx';
import { ParetoPanel } from '../pareto/pareto-panel.tsx';
import { Directions, FileNotes } from './about.tsx';
import { CoefficientSliders } from './coefficient-sliders.tsx';
import { ElsewhereResult } from './elsewhere-result.tsx';
import './elsewhere.css';

/** Merges of models that are not here: the same sliders, bars and fronts, moved by what was measured of them elsewhere. */
export default function Elsewhere({ phone }: { readonly phone: boolean }) {
  if (phone) {
    return (
      <main className="phone elsewhere">
        <div className="phone-head">
          <div className="phone-result">
            <ElsewhereResult />
          </div>
        </div>
        <div className="phone-page">
          <Source />
          <CoefficientSliders />
          <ParetoPanel />
          <Directions />
          <FileNotes />
        </div>
      </main>
    );
  }
  return (
    <div className="desktop elsewhere">
      <div className="column left">
        <section className="ingredients" aria-label="Ingredients">
          <Source />
          <CoefficientSliders />
          <Directions />
          <FileNotes />
        </section>
      </div>
      <main className="column centre">
        <ElsewhereResult />
        <ParetoPanel />
      </main>
    </div>
  );
}

/** What is on the screen, and the ways to something else. */
function Source() {
  const name = useStudio((state) => state.elsewhere?.name ?? '');
  const merges = useStudio((state) => state.points.length);
  const setDialog = useStudio((state) => state.setDialog);
  return (
    <section className="source" aria-label="Measurements">
      <header className="section-head">
        <h2>Measured elsewhere</h2>
      </header>
      <p className="source-name" title={name}>
        {name}
      </p>
      <p className="hint">
        {merges} measured merges. No model is here: the sliders move estimates, which say so, and stand on measured
        values only where the file has them.
      </p>
      <p className="source-actions">
        <button type="button" className="plain" onClick={() => setDialog('plan')}>
          Plan more merges …
        </button>
        <button type="button" className="plain" onClick={leaveElsewhere}>
          <Icon name="left" size={14} /> Back to the zoo
        </button>
      </p>
    </section>
  );
}
