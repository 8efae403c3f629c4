/** Workers that do the arithmetic of merges of files, beside the files worker. */

/** More are no faster: reading and writing stays with the files worker. */
const MOST = 4;

/** @returns one port for each; whoever holds it gives the work */
export function openLanes(): readonly MessagePort[] {
  const count = Math.min(MOST, navigator.hardwareConcurrency - 1);
  return Array.from({ length: Math.max(1, count) }, () => {
    const { port1, port2 } = new MessageChannel();
    const worker = new Worker(new URL('../../workers/lane.worker.ts', import.meta.url), { type: 'module' });
    // One that cannot be loaded never says that it is ready, and is not used.
    worker.addEventListener('error', (event) => event.preventDefault());
    worker.postMessage(port1, [port1]);
    return port2;
  });
}
