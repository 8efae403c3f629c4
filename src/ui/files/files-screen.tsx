import { useEffect } from 'react';
import { startChecking } from '../../store/files/check.ts';
import { openFilesLink } from '../../store/files/link.ts';
import { recallUnfinished } from '../../store/files/merge.ts';
import { useFiles } from '../../store/files/store.ts';
import { openHandbook } from '../../store/handbook.ts';
import { useStudio } from '../../store/studio.ts';
import { Icon } from '../icons.tsx';
import { EvaluateButton } from '../own/evaluate-button.tsx';
import { Centre } from './centre.tsx';
import { Configured } from './configured.tsx';
import { Empty } from './empty.tsx';
import { MethodSection } from './method-section.tsx';
import { ModelList } from './model-list.tsx';
import { Output } from './output.tsx';
import { ProblemList } from './problem-list.tsx';
import { StoredMerges } from './stored-merges.tsx';
import { UnfinishedCard } from './unfinished.tsx';
import { WantedFiles } from './wanted.tsx';
import '../elsewhere/sheets.css';
import './files.css';

/** The visitor's own models: what goes in, whether it fits, and what comes out. */
export default function FilesScreen({ phone }: { readonly phone: boolean }) {
  const none = useFiles((state) => state.models.length === 0);
  const opening = useFiles((state) => state.opening);
  const unfinished = useFiles((state) => state.unfinished);
  useEffect(() => {
    startChecking();
    openFilesLink(location.hash);
    void recallUnfinished();
    void openHandbook();
  }, []);
  if (none)
    return (
      <main className="files files-none">
        <BackToZoo />
        <ProblemList />
        <WantedFiles />
        {unfinished && <UnfinishedCard unfinished={unfinished} />}
        <Empty opening={opening} />
        <StoredMerges />
      </main>
    );
  return phone ? <OneColumn /> : <ThreeColumns />;
}

function BackToZoo() {
  const showFiles = useStudio((state) => state.showFiles);
  return (
    <button type="button" className="flat back" onClick={() => showFiles(false)}>
      <Icon name="left" size={14} /> Back to the zoo
    </button>
  );
}

function Ingredients() {
  const configured = useFiles((state) => state.configuration !== null);
  return (
    <section className="ingredients" aria-label="Ingredients">
      <BackToZoo />
      <ModelList />
      {configured ? <Configured /> : <MethodSection />}
      <EvaluateButton />
    </section>
  );
}

function ThreeColumns() {
  return (
    <div className="desktop files">
      <div className="column left">
        <Ingredients />
      </div>
      <main className="column centre">
        <ProblemList />
        <WantedFiles />
        <Centre />
      </main>
      <aside className="column right" aria-label="Result">
        <Output phone={false} />
      </aside>
    </div>
  );
}

function OneColumn() {
  return (
    <main className="phone files">
      <div className="phone-page">
        <p className="hint phone-warning">
          A phone has little memory: files of at most 50 MB are merged here. Larger ones want a computer.
        </p>
        <ProblemList />
        <WantedFiles />
        <Ingredients />
        <Centre />
        <Output phone />
      </div>
    </main>
  );
}
