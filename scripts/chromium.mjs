// Finds a Chromium for the browser tests and the journeys; installs one where that is possible.
import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Names an address of the browser to use; everything else is searched only without it. */
const VARIABLE = 'MERGE_STUDIO_CHROMIUM';

const COMMANDS = [
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  'microsoft-edge',
  'microsoft-edge-stable',
];

const MAC_APPLICATIONS = [
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
];

const WINDOWS_PROGRAMS = [
  String.raw`Google\Chrome\Application\chrome.exe`,
  String.raw`Chromium\Application\chrome.exe`,
  String.raw`Microsoft\Edge\Application\msedge.exe`,
];

const DOWNLOAD_LIMIT_MS = 240_000;
const APT_LIMIT_MS = 420_000;

/** Chromium refuses its sandbox to root. */
export const SANDBOX_ARGS = process.getuid?.() === 0 ? ['--no-sandbox'] : [];

/** A working, if slow, WebGPU adapter on machines without a GPU. */
export const SOFTWARE_WEBGPU_ARGS = [
  '--enable-unsafe-webgpu',
  '--use-webgpu-adapter=swiftshader',
  '--enable-features=Vulkan',
];

/** @returns {Promise<string | undefined>} path of a browser that is there already; installs nothing */
export async function installedChromium() {
  const named = process.env[VARIABLE];
  if (named) {
    if (executable(named)) return named;
    throw new Error(`${VARIABLE} is "${named}", which is no program that can be run.`);
  }
  return [...onPath(), ...inUsualPlaces(), ...(await playwrightsOwn())].find(executable);
}

/**
 * @returns {Promise<string>} path of a browser, downloaded or installed when there was none
 * @throws an Error that says what to install
 */
export async function findChromium() {
  const found = await installedChromium();
  if (found) return found;
  console.log("No Chromium is installed: trying Playwright's download …");
  const playwright = join(root, 'node_modules', 'playwright', 'cli.js');
  run(process.execPath, [playwright, 'install', 'chromium'], DOWNLOAD_LIMIT_MS);
  const [downloaded] = (await playwrightsOwn()).filter(executable);
  if (downloaded) return downloaded;
  if (process.getuid?.() === 0 && run('apt-get', ['update'], APT_LIMIT_MS)) {
    run('apt-get', ['install', '-y', '--no-install-recommends', 'chromium'], APT_LIMIT_MS);
    const installed = onPath().find(executable);
    if (installed) return installed;
  }
  throw new Error(
    `No Chromium was found and none could be installed. Install Chromium, Google Chrome or Microsoft Edge (on Debian as root: apt-get install chromium), or set ${VARIABLE} to the path of one.`,
  );
}

function onPath() {
  const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  return folders.flatMap((folder) => COMMANDS.map((command) => join(folder, command)));
}

function inUsualPlaces() {
  if (process.platform === 'darwin') return MAC_APPLICATIONS;
  if (process.platform !== 'win32') return [];
  const { PROGRAMFILES, 'PROGRAMFILES(X86)': x86, LOCALAPPDATA } = process.env;
  const folders = [PROGRAMFILES, x86, LOCALAPPDATA].filter((folder) => folder !== undefined);
  return folders.flatMap((folder) => WINDOWS_PROGRAMS.map((program) => join(folder, program)));
}

async function playwrightsOwn() {
  const { chromium } = await import('playwright');
  return [chromium.executablePath()];
}

function executable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function run(command, args, timeout) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  return spawnSync(command, args, { stdio: 'inherit', timeout, env }).status === 0;
}
