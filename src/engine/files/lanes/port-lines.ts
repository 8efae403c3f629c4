/** Workers of the page as lines to a crew. */

import { blobReader } from './blob-reader.ts';
import { alone, type Crew, crewOf, type Line, serve } from './crew.ts';
import { openKernels } from './kernels.ts';

/** A worker that is slower to start is not waited for: the merge takes longer, and gives the same bytes. */
const PATIENCE_MS = 5000;
const READY = 'ready';

const lineOf = (port: MessagePort): Line => ({
  post: (message, transfer) => port.postMessage(message, [...transfer]),
  listen(heard, ended) {
    port.onmessage = ({ data }) => heard(data);
    // Told where the browser notices that the worker at the other end is gone.
    if (ended) port.addEventListener('close', ended);
  },
});

/** The worker's side: says when it can begin. */
export async function servePort(port: MessagePort): Promise<void> {
  const kernels = openKernels();
  serve(lineOf(port), kernels, blobReader());
  await kernels;
  port.postMessage(READY);
}

/** The workers behind these ports that are ready, or this thread alone where none is. */
export async function crewOfPorts(ports: readonly MessagePort[]): Promise<Crew> {
  const ready = await Promise.all(ports.map(isReady));
  const lines = ports.filter((_, i) => ready[i]).map(lineOf);
  return lines.length > 0 ? crewOf(lines) : alone(await openKernels(), blobReader());
}

const isReady = (port: MessagePort): Promise<boolean> =>
  new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), PATIENCE_MS);
    port.onmessage = () => {
      clearTimeout(timer);
      resolve(true);
    };
  });
