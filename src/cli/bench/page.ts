/** The page on a machine without a GPU: from a slider's event to bars, frames while dragging, and what a first visit loads. */
import type { Page } from 'playwright';
import { openSite, type Site } from './browser.ts';
import type { Group, Row } from './report.ts';
import { exactly, type Spread, spreadOf } from './spread.ts';
import type { Subject } from './subject.ts';

const STEPS = 15;
const WARM_UP_STEPS = 3;
const VISITS = 3;
const DRAG_MS = 2000;
const DRAGS = 3;
const SHORT_DRAGS = 300;
const WARM_UP_DRAGS = 100;

const PAINT_GOAL_MS = 1000;
const SCRIPT_GOAL_KB = 250;
const ZOO_GOAL_KB = 1800;
const BLOCK_GOAL_MS = 50;
/** The undo list (200 recipes) and the memory of measured merges are bounded; the rest is what compiled code takes. */
const HEAP_TOLERANCE_KB = 1500;

/** What probe.js offers inside the page. */
interface Drag {
  readonly frames: number;
  readonly followed: number;
  readonly longestGap: number;
  readonly longestTask: number;
  readonly longTasks: number;
}

interface Tiers {
  readonly first: number;
  readonly full: number;
}

/** Calls probe.js: its functions are known to the page only, so they travel as text. */
const ask = <T>(page: Page, call: string) => page.evaluate<T>(`bench.${call}`);

/** Nothing left to measure for a while: the full test sets, the average, the calibration scores of the merge on the screen. */
async function settled(page: Page, { full }: Tiers): Promise<void> {
  await ask(page, `when(() => bench.isMeasured(${full})).then(() => null)`);
}

export async function pageGroups(subject: Subject, announce: (what: string) => void): Promise<Group[]> {
  announce('the page: build');
  const { card, everyone, folder } = subject;
  const ends = card.tasks[0]?.test.map(({ to }) => to) ?? [];
  const tiers = { first: ends[0] ?? 1, full: ends.at(-1) ?? 1 };
  const site = await openSite(folder, card.family);
  try {
    const opening = card.opening.experts;
    announce('the page: visits');
    const first = await visits(site, subject, tiers);
    announce('the page: a drag’s frames');
    const drags = await dragging(site, tiers, opening[0] ?? '');
    announce(`the page: answers for ${opening.length} tasks`);
    const some = await answers(site, tiers, { hash: '#v=1', experts: opening, goals: [150, 800] });
    announce(`the page: answers for ${everyone.length} tasks`);
    const hash = `#v=1&e=${everyone.join()}`;
    return [first, some, await answers(site, tiers, { hash, experts: everyone, goals: [250, 1600] }), drags];
  } finally {
    await site.close();
  }
}

const addressOf = ({ address }: Site, hash: string) => `${address}?backend=wasm${hash}`;

async function visits(site: Site, { card }: Subject, tiers: Tiers): Promise<Group> {
  const paint: number[] = [];
  const bars: number[] = [];
  let scripts = 0;
  let zoo = 0;
  for (let visit = 0; visit < VISITS; visit++) {
    const page = await site.open();
    const sizes: Promise<number>[] = [];
    page.on('requestfinished', (request) => {
      if (/\/zoo\//.test(request.url())) sizes.push(request.sizes().then(({ responseBodySize }) => responseBodySize));
    });
    await page.goto(addressOf(site, '#v=1'));
    // The card's own numbers are shown at once; the first ones of this machine come with the end of loading.
    bars.push(
      await ask<number>(page, 'when(() => document.querySelector(\'[aria-label="Result"][data-phase="measured"]\'))'),
    );
    const paints = await ask<Record<string, number>>(page, 'paints()');
    paint.push(paints['first-contentful-paint'] ?? Number.NaN);
    // A name that is loaded again by a worker counts once.
    const loaded = new Map(await ask<[string, number][]>(page, 'scripts()'));
    scripts = [...loaded].filter(([name]) => site.pageScripts.has(name)).reduce((sum, [, bytes]) => sum + bytes, 0);
    zoo = (await Promise.all(sizes)).reduce((a, b) => a + b, 0);
    await page.context().close();
  }
  return {
    title: 'A first visit, nothing cached (Chromium, 127.0.0.1)',
    rows: [
      { what: 'first paint with content', measured: spreadOf(paint), unit: 'ms', goal: PAINT_GOAL_MS },
      { what: `opening merge measured here, n = ${tiers.full}`, measured: spreadOf(bars), unit: 'ms' },
      {
        what: 'script of the main thread, gzipped',
        measured: exactly(scripts / 1000),
        unit: 'kB',
        goal: SCRIPT_GOAL_KB,
      },
      {
        what: 'zoo of the first view',
        measured: exactly(firstView(card, tiers) / 1000),
        unit: 'kB',
        goal: ZOO_GOAL_KB,
        beside: `${(zoo / 1000).toFixed(0)} kB came until n = ${tiers.full}`,
      },
    ],
  };
}

/** Base, opening experts, heads and the first samples of the opening tasks; the card itself is some kilobytes. */
function firstView({ base, heads, experts, tasks, opening }: Subject['card'], { first }: Tiers): number {
  const open = (id: string) => opening.experts.includes(id);
  const samples = tasks.filter(({ id }) => open(id)).flatMap(({ test }) => test.filter(({ from }) => from < first));
  const files = [base, heads, ...experts.filter(({ id }) => open(id)), ...samples];
  return files.reduce((sum, { bytes }) => sum + bytes, 0);
}

interface Scene {
  readonly hash: string;
  readonly experts: readonly string[];
  /** Milliseconds to the first bars and to the full test sets. */
  readonly goals: readonly [number, number];
}

async function answers(site: Site, tiers: Tiers, { hash, experts, goals }: Scene): Promise<Group> {
  const page = await site.open();
  await page.goto(addressOf(site, hash));
  await settled(page, tiers);
  const first: number[] = [];
  const full: number[] = [];
  for (let step = -WARM_UP_STEPS; step < STEPS; step++) {
    const label = `λ ${experts[Math.abs(step) % experts.length]}`;
    await page.getByRole('slider', { name: label, exact: true }).focus();
    await ask(page, `arm(${tiers.first}, ${tiers.full})`);
    await page.keyboard.press(step % 4 < 2 ? 'ArrowRight' : 'ArrowLeft');
    const took = await ask<{ first: number; full: number }>(page, 'answered()');
    if (step < 0) continue;
    first.push(took.first);
    full.push(took.full);
  }
  await page.context().close();
  const name = `${experts.length} tasks`;
  return {
    title: `From a key on a slider to bars on the screen, ${name}; ${STEPS} steps, each into the background work of the one before`,
    rows: [
      { what: `first bars, n = ${tiers.first}`, measured: spreadOf(first), unit: 'ms', goal: goals[0] },
      { what: `full test sets, n = ${tiers.full}`, measured: spreadOf(full), unit: 'ms', goal: goals[1] },
    ],
  };
}

async function dragging(site: Site, tiers: Tiers, expert: string): Promise<Group> {
  const page = await site.open();
  await page.goto(addressOf(site, '#v=1'));
  await settled(page, tiers);
  const label = JSON.stringify(`λ ${expert}`);
  const drags: Drag[] = [];
  for (let i = 0; i < DRAGS; i++) drags.push(await ask<Drag>(page, `drag(${label}, ${DRAG_MS})`));
  const of = (value: (drag: Drag) => number): Spread => spreadOf(drags.map(value));
  const session = await page.context().newCDPSession(page);
  const heap = async () => {
    await settled(page, tiers);
    await session.send('HeapProfiler.collectGarbage');
    const { usedSize } = await session.send('Runtime.getHeapUsage');
    return usedSize / 1000;
  };
  await ask(page, `shortDrags(${label}, ${WARM_UP_DRAGS})`);
  const before = await heap();
  await ask(page, `shortDrags(${label}, ${SHORT_DRAGS})`);
  const after = await heap();
  await page.context().close();
  const rows: Row[] = [
    {
      what: 'frames without new estimates',
      measured: of(({ frames, followed }) => frames - followed),
      unit: '',
      goal: 0,
      beside: `of ${of(({ frames }) => frames).median} frames`,
    },
    {
      what: 'longest task of the main thread',
      measured: of(({ longestTask }) => longestTask),
      unit: 'ms',
      goal: BLOCK_GOAL_MS,
      beside: '0: none was longer than 50 ms',
    },
    {
      what: 'longest gap between frames',
      measured: of(({ longestGap }) => longestGap),
      unit: 'ms',
      beside: '16.7 ms at 60 Hz',
    },
    {
      what: `main thread’s heap after ${SHORT_DRAGS} more drags`,
      measured: exactly(after - before),
      unit: 'kB',
      goal: HEAP_TOLERANCE_KB,
      beside: `of ${(after / 1000).toFixed(1)} MB, collected`,
    },
  ];
  return { title: `Dragging for ${DRAG_MS / 1000} s, ${DRAGS} times, one movement per frame`, rows };
}
