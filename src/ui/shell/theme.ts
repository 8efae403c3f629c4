/** Light or dark: from the system unless chosen. The choice is kept in this browser only. */
import { useState } from 'react';

export type Theme = 'system' | 'light' | 'dark';

const KEY = 'merge-studio.theme';

/** Storage is refused in some private windows and frames: the choice then lasts as long as the page. */
function stored(): Theme {
  try {
    const theme = localStorage.getItem(KEY);
    return theme === 'light' || theme === 'dark' ? theme : 'system';
  } catch {
    return 'system';
  }
}

function keep(theme: Theme) {
  try {
    if (theme === 'system') localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, theme);
  } catch {
    // see stored()
  }
}

function apply(theme: Theme) {
  if (theme === 'system') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
}

// Before the first render, so that the page does not flash.
apply(stored());

export function useTheme(): readonly [Theme, (theme: Theme) => void] {
  const [theme, setTheme] = useState(stored);
  const choose = (next: Theme) => {
    setTheme(next);
    keep(next);
    apply(next);
  };
  return [theme, choose];
}
