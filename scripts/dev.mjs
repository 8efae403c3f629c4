// `npm run dev`: Vite's development server, with hot reloading.
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureInstalled } from './install.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

ensureInstalled(root);
const { createServer } = await import('vite');
const server = await createServer({ root, server: { host: '127.0.0.1' } });
await server.listen();
server.printUrls();
server.bindCLIShortcuts({ print: true });
