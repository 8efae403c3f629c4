// A small static server for the built page: `node scripts/serve.mjs [--port N]`; without a port 4173 or the next free one.
import { createReadStream, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { dirname, extname, join, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { CONTENT_SECURITY_POLICY } from './policy.mjs';

const HOST = '127.0.0.1';
const FIRST_PORT = 4173;
const PORTS_TO_TRY = 50;

const TYPES = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.png': 'image/png',
  '.safetensors': 'application/octet-stream',
  '.svg': 'image/svg+xml; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json; charset=utf-8',
  '.woff2': 'font/woff2',
};

/**
 * Serves a folder until the server is closed.
 * @param {string} folder
 * @param {number} [port] the only port to try; without it 4173 and the ones after it
 * @returns {Promise<{ server: import('node:http').Server, address: string }>}
 */
export async function serve(folder, port) {
  const server = createServer(handler(resolve(folder)));
  const first = port ?? FIRST_PORT;
  const last = port ?? FIRST_PORT + PORTS_TO_TRY - 1;
  for (let candidate = first; candidate <= last; candidate++) {
    if (await listens(server, candidate)) return { server, address: `http://${HOST}:${candidate}/` };
  }
  throw new Error(first === last ? `port ${first} is in use` : `ports ${first} to ${last} are all in use`);
}

function listens(server, port) {
  return new Promise((settle, fail) => {
    const refused = (error) => (error.code === 'EADDRINUSE' ? settle(false) : fail(error));
    server.once('error', refused);
    server.listen(port, HOST, () => {
      server.off('error', refused);
      settle(true);
    });
  });
}

function handler(folder) {
  /** path → { mtimeMs, bytes } */
  const zipped = new Map();
  return (request, response) => {
    response.setHeader('Content-Security-Policy', CONTENT_SECURITY_POLICY);
    response.setHeader('X-Content-Type-Options', 'nosniff');
    if (request.method !== 'GET' && request.method !== 'HEAD') return refuse(response, 405, 'Only GET and HEAD.');
    const path = fileOf(folder, request.url ?? '/');
    const stat = path && statSync(path, { throwIfNoEntry: false });
    if (!path || !stat?.isFile()) return refuse(response, 404, 'Not found.');
    const type = TYPES[extname(path)] ?? 'application/octet-stream';
    const tag = `"${stat.size.toString(36)}-${Math.trunc(stat.mtimeMs).toString(36)}"`;
    response.setHeader('Content-Type', type);
    response.setHeader('ETag', tag);
    response.setHeader('Vary', 'Accept-Encoding');
    // Only names under assets/ carry a hash of their content.
    const hashed = path.startsWith(join(folder, 'assets') + sep);
    response.setHeader('Cache-Control', hashed ? 'public, max-age=31536000, immutable' : 'no-cache');
    if (request.headers['if-none-match'] === tag) return response.writeHead(304).end();
    if (isText(type) && /\bgzip\b/.test(request.headers['accept-encoding'] ?? '')) {
      const bytes = gzipped(zipped, path, stat.mtimeMs);
      response.setHeader('Content-Encoding', 'gzip').setHeader('Content-Length', bytes.length);
      return response.end(request.method === 'HEAD' ? undefined : bytes);
    }
    response.setHeader('Content-Length', stat.size);
    if (request.method === 'HEAD') return response.end();
    return createReadStream(path)
      .on('error', () => response.destroy())
      .pipe(response);
  };
}

/** @returns the path of the file that is asked for; undefined when it is malformed or lies outside of `folder` */
function fileOf(folder, url) {
  try {
    const path = resolve(folder, `.${decodeURIComponent(url.replace(/[?#].*$/s, ''))}`);
    if (path === folder) return join(folder, 'index.html');
    return path.startsWith(folder + sep) && !path.includes('\0') ? path : undefined;
  } catch {
    return undefined;
  }
}

function isText(type) {
  return /charset=utf-8/.test(type);
}

function gzipped(cache, path, mtimeMs) {
  const known = cache.get(path);
  if (known?.mtimeMs === mtimeMs) return known.bytes;
  const bytes = gzipSync(readFileSync(path));
  cache.set(path, { mtimeMs, bytes });
  return bytes;
}

function refuse(response, status, words) {
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8' }).end(`${words}\n`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const at = process.argv.indexOf('--port');
  const port = at === -1 ? undefined : Number(process.argv[at + 1]);
  const root = dirname(dirname(fileURLToPath(import.meta.url)));
  const { address } = await serve(join(root, 'dist'), port);
  console.log(address);
}
