/** What every journey shares: the page, what stands on it, and a record of whatever goes wrong meanwhile. */
import { expect as anyExpect, test as anyTest, type Locator, type Page } from '@playwright/test';
import type { Card } from '../src/formats/card.ts';

/** Waits end as soon as their condition holds; this is for a machine that is busy with something else. */
const PATIENCE_MS = 60_000;

export const expect = anyExpect.configure({ timeout: PATIENCE_MS });

export interface Row {
  readonly task: string;
  /** 0…1; NaN where no number is shown. */
  readonly accuracy: number;
  readonly n: number;
  readonly state: string;
  /** The merge that the row's number belongs to. */
  readonly mergeId: string;
}

export interface Result {
  readonly mergeId: string;
  readonly phase: string;
  readonly rows: readonly Row[];
}

export class Studio {
  readonly page: Page;
  readonly card: Card;
  /** Errors of the page and its workers, complaints on the console, and requests to strangers. */
  readonly problems: string[] = [];
  readonly result: Locator;
  readonly methodButton: Locator;
  readonly methodSheet: Locator;

  constructor(page: Page, card: Card, home: string) {
    this.page = page;
    this.card = card;
    this.result = page.getByRole('region', { name: 'Result' });
    this.methodButton = page.getByRole('region', { name: 'Method', exact: true }).getByRole('button');
    this.methodSheet = page.getByRole('dialog', { name: 'Methods' });
    page.on('pageerror', (error) => this.problems.push(`error: ${error.message}`));
    page.on('console', (message) => {
      if (message.type() === 'error') this.problems.push(`console: ${message.text()}`);
    });
    page.on('request', (request) => {
      const own = request.url().startsWith(home) || /^(data|blob):/.test(request.url());
      if (!own) this.problems.push(`request to ${request.url()}`);
    });
  }

  /** @param link what comes after the page's address, such as "?samples=64#v=1" */
  async open(link = ''): Promise<void> {
    // A hash alone would only be followed by the page that is open already.
    await this.page.goto('about:blank');
    await this.page.goto(`./${link}`);
  }

  /** Experts in the card's order, which is the order of rows, sliders and links. */
  get opening(): readonly string[] {
    const { experts, opening } = this.card;
    return experts.map(({ id }) => id).filter((id) => opening.experts.includes(id));
  }

  /** What a person reads for a task. */
  nameOf(task: string): string {
    return this.card.tasks.find(({ id }) => id === task)?.name ?? task;
  }

  /** Test images per task. */
  get images(): number {
    return this.card.tasks[0]?.test.at(-1)?.to ?? 0;
  }

  slider(name: string): Locator {
    return this.page.getByRole('slider', { name, exact: true });
  }

  row(task: string): Locator {
    return this.result.locator(`tr[data-task="${task}"]`);
  }

  /** Everything that the result says at one moment. */
  read(): Promise<Result> {
    return this.result.evaluate((region) => ({
      mergeId: region.dataset.mergeId ?? '',
      phase: region.dataset.phase ?? '',
      rows: [...region.querySelectorAll<HTMLElement>('tr[data-task]')].map(({ dataset }) => ({
        task: dataset.task ?? '',
        accuracy: dataset.accuracy ? Number(dataset.accuracy) : Number.NaN,
        n: Number(dataset.n),
        state: dataset.state ?? '',
        mergeId: dataset.mergeId ?? '',
      })),
    }));
  }

  async mergeId(): Promise<string> {
    return (await this.read()).mergeId;
  }

  /** Waits until exactly these tasks are measured on n images each, for the merge on the screen. */
  async measured(n = this.images, tasks: readonly string[] = this.opening): Promise<Result> {
    const wanted = tasks.map((task) => `${task}: measured on ${n} of the merge on the screen`);
    let last: Result | undefined;
    await expect
      .poll(async () => {
        last = await this.read();
        const { mergeId, phase, rows } = last;
        const lines = rows.map(
          (row) =>
            `${row.task}: ${row.state} on ${row.n} of ${row.mergeId === mergeId ? 'the merge on the screen' : 'another'}`,
        );
        return phase === 'measured' ? lines : [phase, ...lines];
      })
      .toEqual(wanted);
    return last as Result;
  }

  /** Moves the mouse along a slider to a share of its length, 0…1; the button is down until `release`. */
  async grab(name: string, share: number): Promise<{ moveTo(share: number): Promise<void>; release(): Promise<void> }> {
    const { mouse } = this.page;
    const box = await this.slider(name).boundingBox();
    if (!box) throw new Error(`the slider ${name} is not on the screen`);
    const y = box.y + box.height / 2;
    const x = (at: number) => box.x + 8 + at * (box.width - 16);
    await mouse.move(x(share), y);
    await mouse.down();
    return { moveTo: (at) => mouse.move(x(at), y, { steps: 4 }), release: () => mouse.up() };
  }

  /** Types a number beside a slider. */
  async type(name: string, value: string): Promise<void> {
    const box = this.page.getByRole('textbox', { name: `${name} as a number`, exact: true });
    await box.fill(value);
    await box.press('Enter');
  }

  /** Opens the method sheet and takes what the search finds under this name. */
  async choose(method: string, search = method): Promise<void> {
    await this.methodButton.click();
    await this.methodSheet.getByRole('searchbox').fill(search);
    await this.methodSheet.locator(`[data-method="${method}"]`).click();
    await expect(this.methodSheet).toHaveCount(0);
  }
}

/** `studio` fails its test when anything went wrong that the test did not expect and take out of `problems`. */
export const test = anyTest.extend<{ card: Card; studio: Studio }>({
  card: async ({ request }, use) => {
    const answer = await request.get('./zoo/glyph-vit/card.json');
    await use((await answer.json()) as Card);
  },
  studio: async ({ page, card, baseURL }, use) => {
    const studio = new Studio(page, card, baseURL ?? '');
    await use(studio);
    expect(studio.problems, 'what went wrong on the page meanwhile').toEqual([]);
  },
});
