/**
 * Answers for the page from a copy of all its files, so that it opens without a network. The build puts two lines in front: VERSION,
 * and FILES, every file's path below the page with a hash of its content. A new version is fetched beside the old one, file by
 * file as far as they differ, and takes over when no tab shows the old one any more: nobody's work is interrupted.
 */
/* global VERSION, FILES, caches, fetch, Request, URL */
const PREFIX = 'merge-studio-';
const CACHE = PREFIX + VERSION;

const hashes = new Map(FILES);
const addressOf = (path, hash) => `${new URL(path, globalThis.registration.scope).href}?content=${hash}`;

async function copy([path, hash]) {
  const address = addressOf(path, hash);
  const known = await caches.match(address);
  // Past the browser's own cache, which may hold an older file of this name.
  const response = known ?? (await fetch(new Request(path, { cache: 'reload' })));
  if (!response.ok) throw new Error(`${path}: the server answered ${response.status}`);
  await (await caches.open(CACHE)).put(address, response);
}

async function copyAll() {
  for (const file of FILES) await copy(file);
}

async function dropOthers() {
  const names = await caches.keys();
  await Promise.all(
    names.filter((name) => name.startsWith(PREFIX) && name !== CACHE).map((name) => caches.delete(name)),
  );
}

/** Which of the files is asked for; what follows "?" is for the page itself. */
function pathOf({ method, url }) {
  const scope = globalThis.registration.scope;
  if (method !== 'GET' || !url.startsWith(scope)) return undefined;
  const { origin, pathname } = new URL(url);
  const path = decodeURIComponent(`${origin}${pathname}`.slice(scope.length)) || 'index.html';
  return hashes.has(path) ? path : undefined;
}

async function answer(request, path) {
  const kept = await (await caches.open(CACHE)).match(addressOf(path, hashes.get(path)));
  if (!kept) return fetch(request);
  // Who asks to go past every cache gets the network's answer while there is one.
  return request.cache === 'reload' ? fetch(request).catch(() => kept) : kept;
}

globalThis.addEventListener('install', (event) => event.waitUntil(copyAll()));
globalThis.addEventListener('activate', (event) => event.waitUntil(dropOthers()));
globalThis.addEventListener('fetch', (event) => {
  const path = pathOf(event.request);
  if (path !== undefined) event.respondWith(answer(event.request, path));
});
