// A worker that copies as plainly as a browser can: reads all files piece by piece in turn and writes the first into the browser's
// own storage. A classic script beside the built page; copy.ts gives it the files.
addEventListener('message', async ({ data: { files, pieceBytes, name } }) => {
  const folder = await navigator.storage.getDirectory();
  const handle = await folder.getFileHandle(name, { create: true });
  const access = await handle.createSyncAccessHandle();
  access.truncate(0);
  const started = performance.now();
  const size = Math.max(...files.map((file) => file.size));
  for (let at = 0; at < size; at += pieceBytes) {
    // Asked for at once, as a merge does: one after the other would wait for the browser's process between them.
    const pieces = await Promise.all(files.map((file) => file.slice(at, at + pieceBytes).arrayBuffer()));
    access.write(new Uint8Array(pieces[0]), { at });
  }
  const ms = performance.now() - started;
  access.close();
  await folder.removeEntry(name);
  postMessage(ms);
});
