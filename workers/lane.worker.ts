import { servePort } from '../src/engine/files/lanes/port-lines.ts';

// The port to the files worker comes with the first message.
addEventListener('message', ({ data }) => void servePort(data), { once: true });
