import './tokens.css';
import './layout.css';
import './opening.css';
import './controls.css';
import './slider.css';
import './ingredients.css';
import './sheets.css';
import './popovers.css';
import { lazy, Suspense, useState } from 'react';
import { useStudio } from '../store/studio.ts';
import { useDrop } from './elsewhere/use-drop.ts';
import { Desktop } from './shell/desktop.tsx';
import { RefusedLink, ZooFailure } from './shell/failure.tsx';
import { Opening } from './shell/opening.tsx';
import { Phone } from './shell/phone.tsx';
import { ShortcutSheet } from './shell/shortcut-sheet.tsx';
import { useShortcuts } from './shell/shortcuts.ts';
import { TopBar } from './shell/top-bar.tsx';
import { useMedia } from './shell/use-media.ts';

// All methods and their pages, what comes from elsewhere, and what goes there are not part of the first view.
const MethodBrowser = lazy(() => import('./library/browser.tsx'));
const DocSheet = lazy(() => import('./library/doc-sheet.tsx'));
const Elsewhere = lazy(() => import('./elsewhere/elsewhere.tsx'));
const FilesScreen = lazy(() => import('./files/files-screen.tsx'));
const OpenSheet = lazy(() => import('./elsewhere/open-sheet.tsx'));
const PlanSheet = lazy(() => import('./elsewhere/plan-sheet.tsx'));
const OwnSheet = lazy(() => import('./own/own-sheet.tsx'));
const BoardSheet = lazy(() => import('./board/board-sheet.tsx'));

/** The whole page. */
export function App() {
  const phone = useMedia('(max-width: 720px)');
  const refused = useStudio((state) => state.refusedLink !== null);
  const open = useStudio((state) => state.recipe !== null && state.card !== null);
  const elsewhere = useStudio((state) => state.elsewhere !== null);
  const files = useStudio((state) => state.files);
  const dialog = useStudio((state) => state.dialog);
  const doc = useStudio((state) => state.view?.doc ?? null);
  const setDialog = useStudio((state) => state.setDialog);
  const board = useStudio((state) => state.boardOpen);
  const openBoard = useStudio((state) => state.openBoard);
  const failed = useStudio((state) => state.zoo.phase === 'failed');
  const [sheet, setSheet] = useState<'methods' | 'keys' | null>(null);
  const onMethods = () => setSheet('methods');
  const onHelp = () => setSheet('keys');
  const onClose = () => setSheet(null);
  useShortcuts({ onMethods, onHelp });
  const dropping = useDrop();
  const shown = open && !refused && !files;
  const Studio = phone ? Phone : Desktop;
  return (
    <>
      <TopBar phone={phone} onHelp={onHelp} />
      {files && (
        <Suspense fallback={<Opening />}>
          <FilesScreen phone={phone} />
        </Suspense>
      )}
      {!files && refused && <RefusedLink />}
      {shown && !elsewhere && <Studio onMethods={onMethods} />}
      {shown && elsewhere && (
        <Suspense fallback={<Opening />}>
          <Elsewhere phone={phone} />
        </Suspense>
      )}
      {!files && !refused && !open && (failed ? <ZooFailure /> : <Opening />)}
      {sheet === 'keys' && <ShortcutSheet onClose={onClose} />}
      <Suspense>{sheet === 'methods' && <MethodBrowser onClose={onClose} />}</Suspense>
      <Suspense>{shown && !elsewhere && doc !== null && <DocSheet id={doc} onUsed={onClose} />}</Suspense>
      <Suspense>
        {dialog === 'open' && <OpenSheet onClose={() => setDialog(null)} />}
        {board && shown && !elsewhere && <BoardSheet onClose={() => openBoard(false)} />}
        {dialog === 'own' && <OwnSheet onClose={() => setDialog(null)} />}
        {dialog === 'plan' && <PlanSheet onClose={() => setDialog(null)} />}
      </Suspense>
      {dropping && <div className="dropping">Drop models, measurements or a mergekit configuration to open them</div>}
    </>
  );
}
