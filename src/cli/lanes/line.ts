/** Threads of Node as lines to workers. */
import type { MessagePort, Worker } from 'node:worker_threads';
import type { Line } from '../../engine/files/lanes/crew.ts';

export const lineOf = (port: MessagePort | Worker): Line => ({
  post: (message, transfer) => port.postMessage(message, [...transfer]),
  listen(heard, ended) {
    port.removeAllListeners();
    port.on('message', heard);
    if (!ended) return;
    // A thread that fails in its own code, or that has no memory left, ends.
    port.on('error', ended);
    port.on('exit', ended);
  },
});
