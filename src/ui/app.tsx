import './tokens.css';
import './layout.css';
import './opening.css';
import './controls.css';
import './slider.css';
import './ingredients.css';
import './sheets.css';
import './popovers.css';
import { useState } from 'react';
import { useStudio } from '../store/studio.ts';
import { MethodSheet } from './ingredients/method-sheet.tsx';
import { Desktop } from './shell/desktop.tsx';
import { RefusedLink, ZooFailure } from './shell/failure.tsx';
import { Opening } from './shell/opening.tsx';
import { Phone } from './shell/phone.tsx';
import { ShortcutSheet } from './shell/shortcut-sheet.tsx';
import { useShortcuts } from './shell/shortcuts.ts';
import { TopBar } from './shell/top-bar.tsx';
import { useMedia } from './shell/use-media.ts';

/** The whole page. */
export function App() {
  const phone = useMedia('(max-width: 720px)');
  const refused = useStudio((state) => state.refusedLink !== null);
  const open = useStudio((state) => state.recipe !== null && state.card !== null);
  const failed = useStudio((state) => state.zoo.phase === 'failed');
  const [sheet, setSheet] = useState<'methods' | 'keys' | null>(null);
  const onMethods = () => setSheet('methods');
  const onHelp = () => setSheet('keys');
  const onClose = () => setSheet(null);
  useShortcuts({ onMethods, onHelp });
  const Studio = phone ? Phone : Desktop;
  return (
    <>
      <TopBar phone={phone} onHelp={onHelp} />
      {refused && <RefusedLink />}
      {!refused && open && <Studio onMethods={onMethods} />}
      {!refused && !open && (failed ? <ZooFailure /> : <Opening />)}
      {sheet === 'methods' && <MethodSheet onClose={onClose} />}
      {sheet === 'keys' && <ShortcutSheet onClose={onClose} />}
    </>
  );
}
