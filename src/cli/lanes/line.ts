/** Threads of Node as lines to workers. */
import type { MessagePort, Worker } from 'node:worker_threads';
import type { Line } from '../../engine/files/lanes/crew.ts';

export const lineOf = (port: MessagePort | Worker): Line => ({
  post: (message, transfer) => port.postMessage(message, [...transfer]),
  listen(heard) {
    port.removeAllListeners('message');
    port.on('message', heard);
  },
});
