import { useStudio } from '../../store/studio.ts';
import { Icon } from '../icons.tsx';
import { LevelSwitch } from '../ingredients/ingredients.tsx';
import { Share } from '../share/share.tsx';
import { DeviceChip } from './device.tsx';
import { type Theme, useTheme } from './theme.ts';

function UndoRedo() {
  const undo = useStudio((state) => state.undo);
  const redo = useStudio((state) => state.redo);
  const canUndo = useStudio((state) => state.past.length > 0);
  const canRedo = useStudio((state) => state.future.length > 0);
  return (
    <span className="icon-pair">
      <button
        type="button"
        className="flat-icon"
        aria-label="Undo"
        title="Undo (Ctrl+Z)"
        disabled={!canUndo}
        onClick={undo}
      >
        <Icon name="undo" />
      </button>
      <button
        type="button"
        className="flat-icon"
        aria-label="Redo"
        title="Redo (Shift+Ctrl+Z)"
        disabled={!canRedo}
        onClick={redo}
      >
        <Icon name="redo" />
      </button>
    </span>
  );
}

const next: Readonly<Record<Theme, Theme>> = { system: 'light', light: 'dark', dark: 'system' };
const icons = { system: 'system', light: 'sun', dark: 'moon' } as const;

function ThemeButton() {
  const [theme, choose] = useTheme();
  const title = `Colours: ${theme === 'system' ? 'as the system' : theme}. Next: ${next[theme]}.`;
  return (
    <button type="button" className="flat-icon" aria-label={title} title={title} onClick={() => choose(next[theme])}>
      <Icon name={icons[theme]} />
    </button>
  );
}

interface TopBarProps {
  readonly phone: boolean;
  readonly onHelp: () => void;
}

export function TopBar({ phone, onHelp }: TopBarProps) {
  const family = useStudio((state) => state.card?.name);
  const files = useStudio((state) => state.files);
  const showFiles = useStudio((state) => state.showFiles);
  const open = useStudio((state) => state.recipe !== null && state.refusedLink === null && !state.files);
  const elsewhere = useStudio((state) => state.elsewhere !== null);
  const setDialog = useStudio((state) => state.setDialog);
  return (
    <header className="top-bar">
      <h1 className="brand">Merge Studio</h1>
      {family && !files && <span className="family">{family}</span>}
      {open && !phone && !elsewhere && <LevelSwitch />}
      <span className="stretch" />
      <button
        type="button"
        className="flat"
        aria-label="Your own models"
        aria-pressed={files}
        title="Merge safetensors files of your own"
        onClick={() => showFiles(!files)}
      >
        <Icon name="file" /> <span className="open-label">Own models …</span>
      </button>
      <button
        type="button"
        className="flat"
        aria-label="Open measurements"
        title="Explore merges that were measured elsewhere"
        onClick={() => setDialog('open')}
      >
        <Icon name="open" /> <span className="open-label">Measurements …</span>
      </button>
      {open && (
        <>
          <UndoRedo />
          {!elsewhere && <Share />}
        </>
      )}
      {!phone && !elsewhere && !files && <DeviceChip />}
      <ThemeButton />
      {!phone && (
        <button
          type="button"
          className="flat-icon"
          aria-label="Keyboard shortcuts"
          title="Keyboard (?)"
          onClick={onHelp}
        >
          <Icon name="help" />
        </button>
      )}
    </header>
  );
}
