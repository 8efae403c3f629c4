// `npm start`: builds the page when its sources are newer, serves it and prints the address.
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureInstalled } from './install.mjs';
import { pageIsStale } from './newest.mjs';
import { serve } from './serve.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

ensureInstalled(root);
if (pageIsStale(root)) {
  console.log('Building the page …');
  const { build } = await import('vite');
  await build({ root, logLevel: 'warn' });
}
const { server, address } = await serve(join(root, 'dist'));
console.log(`Merge Studio is at ${address} (Ctrl+C stops it)`);

const stop = () => {
  server.close(() => process.exit(0));
  server.closeAllConnections();
};
process.on('SIGINT', stop);
process.on('SIGTERM', stop);
