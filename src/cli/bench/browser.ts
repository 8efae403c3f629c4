/** The built page in a real Chromium. Playwright and the project's scripts are loaded as they are: a bundle cannot hold them. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, CDPSession, Page } from 'playwright';

const ROOT = process.cwd();
/** Apart from dist/, which may be in use. */
const BUILT = join(ROOT, '.cache', 'bench-page');
const SERVED = join(ROOT, '.cache', 'bench-served');

export interface Site {
  readonly address: string;
  /** File names of the scripts that the main thread loads for the first view; those of workers are not among them. */
  readonly pageScripts: ReadonlySet<string>;
  /** A new page in a new context: nothing is cached. */
  open(): Promise<Page>;
  /** A browser of its own with storage on the disk, as visitors have it: without a profile that storage would be memory. */
  openWithProfile(folder: string): Promise<Profiled>;
  close(): Promise<void>;
}

export interface Profiled {
  readonly page: Page;
  /** Knows the browser's processes. */
  readonly session: CDPSession;
  /** Takes the profile away, too. */
  close(): Promise<void>;
}

interface Scripts {
  readonly serve: (folder: string) => Promise<{ server: { close(): void }; address: string }>;
  readonly findChromium: () => Promise<string>;
  readonly SANDBOX_ARGS: string[];
}

async function scripts(): Promise<Scripts> {
  const load = (name: string) => import(/* @vite-ignore */ pathToFileURL(join(ROOT, 'scripts', name)).href);
  const [{ serve }, { findChromium, SANDBOX_ARGS }] = await Promise.all([load('serve.mjs'), load('chromium.mjs')]);
  return { serve, findChromium, SANDBOX_ARGS };
}

/** Beside the page: what only the bench asks of a browser. */
export const COPY_PAGE = 'bench-copy.html';
const COPY_WORKER = 'copy-worker.js';

/** The page with the given family in the place of the bundled one. */
function assemble(zoo: string, family: string): void {
  const vite = join(ROOT, 'node_modules', 'vite', 'bin', 'vite.js');
  const built = spawnSync(
    process.execPath,
    [vite, 'build', '--logLevel', 'error', '--outDir', BUILT, '--emptyOutDir'],
    {
      stdio: ['ignore', 2, 2],
    },
  );
  if (built.status !== 0) throw new Error('the page could not be built');
  rmSync(SERVED, { recursive: true, force: true });
  mkdirSync(join(SERVED, 'zoo'), { recursive: true });
  for (const name of readdirSync(BUILT).filter((entry) => entry !== 'zoo'))
    symlinkSync(join(BUILT, name), join(SERVED, name));
  symlinkSync(resolve(zoo), join(SERVED, 'zoo', family));
  symlinkSync(join(ROOT, 'src', 'cli', 'bench', COPY_WORKER), join(SERVED, COPY_WORKER));
  writeFileSync(join(SERVED, COPY_PAGE), '<!doctype html><title>Copy</title><input type="file" multiple>');
}

/** Imported only after the first live numbers are on the screen, as scripts/size.mjs has it: the typesetter. */
const LATE = 'node_modules/katex/dist/katex.mjs';

function scriptsOf(manifest: Readonly<Record<string, { readonly file: string }>>): ReadonlySet<string> {
  const chunks = Object.entries(manifest).filter(([source]) => source !== LATE);
  return new Set(chunks.map(([, { file }]) => basename(file)));
}

export async function openSite(zoo: string, family: string): Promise<Site> {
  const { serve, findChromium, SANDBOX_ARGS } = await scripts();
  assemble(zoo, family);
  const { chromium } = createRequire(join(ROOT, 'package.json'))('playwright') as typeof import('playwright');
  const { server, address } = await serve(SERVED);
  const program = { executablePath: await findChromium(), args: [...SANDBOX_ARGS] };
  const browser: Browser = await chromium.launch(program);
  const viewport = { width: 1440, height: 900 };
  const probed = async (page: Page): Promise<Page> => {
    await page.addInitScript({ path: join(ROOT, 'src', 'cli', 'bench', 'probe.js') });
    return page;
  };
  return {
    address,
    pageScripts: scriptsOf(JSON.parse(readFileSync(join(BUILT, '.vite', 'manifest.json'), 'utf8'))),
    async open() {
      const context = await browser.newContext({ viewport });
      return probed(await context.newPage());
    },
    async openWithProfile(folder) {
      // Scripts that a service worker answers could not be kept from the page.
      const context = await chromium.launchPersistentContext(folder, {
        ...program,
        viewport,
        serviceWorkers: 'block',
        acceptDownloads: true,
      });
      const session = await context.browser()?.newBrowserCDPSession();
      if (!session) throw new Error('the browser does not tell of its processes');
      return {
        page: await probed(await context.newPage()),
        session,
        async close() {
          await context.close();
          rmSync(folder, { recursive: true, force: true });
        },
      };
    },
    async close() {
      await browser.close();
      server.close();
    },
  };
}
