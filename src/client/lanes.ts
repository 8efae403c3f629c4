/** Workers that read files and do the arithmetic of their merges; what they give is written by the files worker. */

/** More would take more than 400 MB together, and merges that read much are no faster: the browser reads all files in one process. */
const MOST = 2;

/** @returns one port for each; whoever holds it gives the work */
export function openLanes(): readonly MessagePort[] {
  return Array.from({ length: Math.min(MOST, navigator.hardwareConcurrency || 2) }, () => {
    const { port1, port2 } = new MessageChannel();
    const worker = new Worker(new URL('../../workers/lane.worker.ts', import.meta.url), { type: 'module' });
    // One that cannot be loaded never says that it is ready, and is not used.
    worker.addEventListener('error', (event) => event.preventDefault());
    worker.postMessage(port1, [port1]);
    return port2;
  });
}
