import catalogue from 'virtual:catalogue';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { buildLink } from '../formats/link.ts';
import { testCard as card } from '../formats/recipe.testing.ts';
import { openingRecipe, withControl } from '../formats/recipe.ts';
import { defaultView } from '../formats/view.ts';
import { eventually } from './eventually.testing.ts';

/** A browser's address and history, as far as one tab has them. */
class FakeTab extends EventTarget {
  readonly entries: string[];
  at = 0;

  constructor(hash: string) {
    super();
    this.entries = [hash];
  }
  get hash() {
    return this.entries[this.at] ?? '';
  }
  pushState = (_state: unknown, _unused: string, hash: string) => {
    this.entries.splice(++this.at, this.entries.length, hash);
  };
  replaceState = (_state: unknown, _unused: string, hash: string) => {
    this.entries[this.at] = hash;
  };
  /** What the browser does when a link is typed. */
  visit(hash: string) {
    this.pushState(null, '', hash);
    this.dispatchEvent(new Event('popstate'));
    this.dispatchEvent(new Event('hashchange'));
  }
  go(by: number) {
    this.at = Math.min(this.entries.length - 1, Math.max(0, this.at + by));
    this.dispatchEvent(new Event('popstate'));
    this.dispatchEvent(new Event('hashchange'));
  }
}

const opening = openingRecipe(card, catalogue);
// One address per store: each test gets modules of its own.
let useStudio: typeof import('./studio.ts').useStudio;
let startAddress: typeof import('./url.ts').startAddress;
const now = () => useStudio.getState();
const slide = (value: number, live: boolean) => now().setCoefficient(0, 'lambda', 0, value, live);
const linkWith = (value: number) => {
  const at = { method: 'task-arithmetic', control: 'lambda' };
  return buildLink(
    withControl(opening, catalogue, at, [value, 0.3, 0.3, 0.3]),
    defaultView(opening, card),
    catalogue,
    card,
  );
};

let tab: FakeTab;

function openAt(hash: string): void {
  tab = new FakeTab(hash);
  vi.stubGlobal('location', tab);
  vi.stubGlobal('history', tab);
  vi.stubGlobal('addEventListener', tab.addEventListener.bind(tab));
  startAddress(card);
}

beforeEach(async () => {
  vi.resetModules();
  ({ useStudio } = await import('./studio.ts'));
  ({ startAddress } = await import('./url.ts'));
  vi.useFakeTimers();
  useStudio.setState({ card });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe('the address', () => {
  it('shows the recipe, without a new entry for opening it', () => {
    openAt('');
    expect(tab.entries).toEqual(['#v=1']);
    expect(now().recipe).toEqual(opening);
  });

  it('gets one entry per drag, whether or not the last movement was written before the release', () => {
    openAt('#v=1');
    for (const value of [0.4, 0.5, 0.6]) slide(value, true);
    slide(0.6, false);
    expect(tab.entries).toEqual(['#v=1', linkWith(0.6)]);
    for (const value of [0.7, 0.8]) slide(value, true);
    vi.runAllTimers();
    expect(tab.entries).toEqual(['#v=1', linkWith(0.6), linkWith(0.8)]);
    slide(0.8, false);
    now().chooseMethod('ties');
    expect(tab.entries).toEqual(['#v=1', linkWith(0.6), linkWith(0.8), '#v=1&m=ties']);
  });

  it('gets no entry for a touch that moves nothing', () => {
    openAt('#v=1');
    slide(0.3, true);
    vi.runAllTimers();
    slide(0.3, false);
    expect(tab.entries).toEqual(['#v=1']);
  });

  it('is followed back and forth without being written', () => {
    openAt('#v=1');
    slide(0.9, false);
    now().chooseMethod('ties');
    const entries = [...tab.entries];
    tab.go(-1);
    expect(now().recipe?.chain[0]).toMatchObject({
      method: 'task-arithmetic',
      controls: { lambda: [0.9, 0.3, 0.3, 0.3] },
    });
    tab.go(-1);
    expect(now().recipe).toEqual(opening);
    tab.go(2);
    expect(now().recipe?.chain[0]?.method).toBe('ties');
    expect(tab.entries).toEqual(entries);
  });

  it('is put right in its own entry when it was typed by hand', () => {
    openAt('#v=1');
    tab.visit('#v=1&l=999,.3,.3,.3&colour=red');
    expect(tab.entries).toEqual(['#v=1', linkWith(1.5)]);
    expect(now().linkNotes).toHaveLength(2);
    tab.go(-1);
    expect(now().recipe).toEqual(opening);
    expect(tab.entries).toHaveLength(2);
  });

  it('that cannot be opened stays, shows why and holds no recipe; a good one recovers', () => {
    openAt('#v=99');
    expect(tab.entries).toEqual(['#v=99']);
    expect(now().recipe).toBeNull();
    expect(now().refusedLink?.reason).toContain('99');
    tab.visit('#v=1');
    expect(now().refusedLink).toBeNull();
    expect(now().recipe).toEqual(opening);
    tab.go(-1);
    expect(now().recipe).toBeNull();
    expect(tab.entries).toEqual(['#v=99', '#v=1']);
  });

  it('follows an undo as a decision', () => {
    openAt('#v=1');
    slide(0.9, false);
    now().undo();
    expect(tab.entries).toEqual(['#v=1', linkWith(0.9), '#v=1']);
  });
});

describe('the address of measurements from elsewhere', () => {
  const csv = 'coefficient.a,task.x,task.y\n0,0.5,0.5\n1,0.6,0.4';
  const showMeasurements = async () => {
    const { openFiles } = await import('./elsewhere/open-files.ts');
    return openFiles([{ path: 'mine.csv', size: csv.length, text: async () => csv }], 'calibration');
  };

  it('is an entry of its own; going back gives the mix back, going forward the measurements', async () => {
    openAt('#v=1');
    slide(0.5, false);
    const mix = now().recipe;
    await showMeasurements();
    expect(tab.hash).toBe('#points');
    tab.go(-1);
    expect(now().elsewhere).toBeNull();
    expect(now().recipe).toEqual(mix);
    tab.go(1);
    await vi.dynamicImportSettled();
    await eventually(() => expect(now().elsewhere?.name).toBe('mine.csv'));
    expect(tab.hash).toBe('#points');
  });

  it('says what is missing where this browser has no measurements', async () => {
    openAt('#points');
    await eventually(() => expect(now().refusedLink?.reason).toMatch(/this browser has none/));
    expect(now().recipe).toBeNull();
    tab.visit('#v=1');
    expect(now().recipe).toEqual(opening);
  });

  it('gives way to the opening recipe where nothing was on the screen before', async () => {
    openAt('#points');
    await showMeasurements();
    const { leaveElsewhere } = await import('./elsewhere/screen.ts');
    Object.defineProperty(tab, 'hash', { get: () => tab.entries[tab.at], set: (hash: string) => tab.visit(hash) });
    leaveElsewhere();
    expect(now().elsewhere).toBeNull();
    expect(now().recipe).toEqual(opening);
  });
});
