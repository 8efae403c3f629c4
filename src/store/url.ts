/**
 * The address is the document: it follows the recipe and the view, and going back in the browser's history goes back in
 * the studio. One history entry per decision; while a slider is dragged the entry is replaced, not multiplied.
 */

import type { Card } from '../formats/card.ts';
import { parseLink, peekLink } from '../formats/link.ts';
import { catalogue } from './catalogue.ts';
import { selectLink } from './selectors.ts';
import { useStudio } from './studio.ts';

/** Browsers refuse more than about 100 address changes in 30 seconds. */
const MIN_INTERVAL_MS = 400;

/** The address of measurements from elsewhere, which no link can hold: they are kept in the browser that opened them. */
const ELSEWHERE = '#points';
/** Begins the address of the visitor's own models; what follows is read by their own screen. */
const FILES = '#files';

/** Opens the measurements that this browser keeps. */
async function openElsewhere(): Promise<void> {
  const { recallElsewhere } = await import('./elsewhere/screen.ts');
  if (useStudio.getState().elsewhere || location.hash !== ELSEWHERE || (await recallElsewhere())) return;
  useStudio.setState({
    recipe: null,
    view: null,
    refusedLink: {
      reason: 'It shows measurements from a file, and this browser has none: a link holds settings, never a file.',
      todo: 'Open the file here: drop it on the page, or choose “Measurements” above.',
      known: [],
    },
  });
}

/** Opens what the address says; a link that cannot be opened is shown as such and loads nothing. */
function openLink(card: Card, hash: string): void {
  if (hash === ELSEWHERE) return void openElsewhere();
  const files = hash.startsWith(FILES);
  useStudio.setState({ files });
  // The mix under that screen stays; a page that opens with it needs one.
  if (files && useStudio.getState().recipe) return;
  const { elsewhere } = useStudio.getState();
  if (elsewhere) useStudio.setState({ ...elsewhere.aside, card, elsewhere: null, run: { phase: 'idle' } });
  const parsed = parseLink(files ? '' : hash, catalogue, card);
  if (parsed.kind === 'refused') {
    const { reason, todo, known } = parsed;
    useStudio.setState({ recipe: null, view: null, dragOrigin: null, refusedLink: { reason, todo, known } });
    return;
  }
  useStudio.setState(({ recipe, past }) => ({
    recipe: parsed.recipe,
    view: parsed.view,
    dragOrigin: null,
    refusedLink: null,
    linkNotes: parsed.notes,
    ...(recipe && { past: [...past, recipe], future: [] }),
  }));
}

export function startAddress(card: Card): void {
  let written = '';
  let timer: ReturnType<typeof setTimeout> | undefined;
  /** Whether the drag that is going on has its history entry. */
  let pushed = false;
  /** While an address is opened, the state follows the address and not the other way round. */
  let following = false;

  const write = (how: 'push' | 'replace') => {
    clearTimeout(timer);
    const link = selectLink(useStudio.getState());
    if (link === null || link === written) return;
    written = link;
    if (how === 'push') history.pushState(null, '', link);
    else history.replaceState(null, '', link);
  };

  useStudio.subscribe((state, before) => {
    if (state.elsewhere && !before.elsewhere) {
      clearTimeout(timer);
      pushed = false;
      written = ELSEWHERE;
      if (location.hash !== ELSEWHERE) history.pushState(null, '', ELSEWHERE);
    }
    if (state.files !== before.files && !following) {
      clearTimeout(timer);
      written = state.files ? FILES : state.elsewhere ? ELSEWHERE : '';
      if (written && !location.hash.startsWith(written)) history.pushState(null, '', written);
    }
    if (state.elsewhere || state.files) return;
    const same = state.recipe === before.recipe && state.view === before.view && state.dragOrigin === before.dragOrigin;
    if (same && !before.files) return;
    if (!state.recipe || following) return;
    if (!state.dragOrigin) {
      write(pushed ? 'replace' : 'push');
      pushed = false;
    } else if (!pushed && selectLink(state) !== written) {
      pushed = true;
      write('push');
    } else {
      clearTimeout(timer);
      timer = setTimeout(() => write('replace'), MIN_INTERVAL_MS);
    }
  });

  const follow = () => {
    clearTimeout(timer);
    pushed = false;
    following = true;
    openLink(card, location.hash);
    following = false;
    written = location.hash;
    // A hand-edited link is shown as the studio understood it.
    if (written !== ELSEWHERE && !written.startsWith(FILES)) write('replace');
  };
  const followChange = () => {
    const asked = peekLink(location.hash);
    // Other models need other workers.
    if (location.hash.startsWith('#v=') && asked.kind === 'ok' && asked.family !== card.family) location.reload();
    else if (location.hash !== written) follow();
  };
  addEventListener('popstate', followChange);
  addEventListener('hashchange', followChange);
  follow();
}
