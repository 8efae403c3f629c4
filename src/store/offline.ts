/** Opening without a network: a service worker keeps the page and the bundled models, see scripts/service-worker.js. */
import { useStudio } from './studio.ts';

const WORKER = 'sw.js';

/** Keeps a copy as soon as the visitor has numbers to read: ten megabytes must not compete with the first ones. */
export function startOffline(): void {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return;
  const unsubscribe = useStudio.subscribe(({ measurement, run, refusedLink, elsewhere }) => {
    const settled =
      measurement?.source === 'here' || run.phase === 'failed' || refusedLink !== null || elsewhere !== null;
    if (!settled) return;
    unsubscribe();
    // Private windows and insecure addresses have no service worker: then the page needs the network, as before.
    navigator.serviceWorker.register(WORKER).catch(() => {});
  });
}
