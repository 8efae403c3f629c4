/** Colours of the theme for canvases, which CSS does not reach. */
import { useMemo, useSyncExternalStore } from 'react';
import type { Colours } from './paint.ts';

const SEPARATOR = '|';

/** The theme is the system's, or the one that the page's root element names: see tokens.css. */
function subscribe(changed: () => void): () => void {
  const system = matchMedia('(prefers-color-scheme: dark)');
  const chosen = new MutationObserver(changed);
  system.addEventListener('change', changed);
  chosen.observe(document.documentElement, { attributeFilter: ['data-theme'] });
  return () => {
    system.removeEventListener('change', changed);
    chosen.disconnect();
  };
}

/** One string, so that equal colours are known as equal. */
function snapshot(): string {
  const style = getComputedStyle(document.documentElement);
  return ['--ink', '--muted', '--hairline', '--paper'].map((name) => style.getPropertyValue(name)).join(SEPARATOR);
}

export function useColours(): Colours {
  const colours = useSyncExternalStore(subscribe, snapshot);
  return useMemo(() => {
    const [ink = '', muted = '', hairline = '', paper = ''] = colours.split(SEPARATOR);
    return { ink, muted, hairline, paper };
  }, [colours]);
}
