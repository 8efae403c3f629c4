/** What methods are filtered by: derived from what every method says about itself, so that a new method needs no entry here. */
import type { PrintedHandbook } from '../../methods/metadata.ts';
import { type Entry, whyNot } from '../ingredients/methods.ts';

type Needs = Entry['steps'][number]['needs'];
type Page = PrintedHandbook['methods'][string];

interface Subject {
  readonly entry: Entry;
  readonly needs: readonly Needs[];
  /** Of its steps; empty where nothing is written about them. */
  readonly pages: readonly Page[];
  /** Experts in the mix. */
  readonly experts: number;
}

export interface Facet {
  readonly id: string;
  readonly name: string;
  readonly help: string;
  readonly has: (subject: Subject) => boolean;
}

/** One of several: any chosen facet of the group will do. Traits: an entry has all that are chosen. */
export interface FacetGroup {
  readonly name: string;
  readonly choose: 'any' | 'all';
  readonly facets: readonly Facet[];
}

const facet = (id: string, name: string, help: string, has: Facet['has']): Facet => ({ id, name, help, has });

const any = (subject: Subject, test: (needs: Needs) => unknown) => subject.needs.some((needs) => Boolean(test(needs)));
const result = ({ entry }: Subject) => entry.steps.find(({ kind }) => kind === 'merge')?.result;
const kind = (wanted: Entry['kind']) => (subject: Subject) => subject.entry.kind === wanted;
const marked = (wanted: NonNullable<Entry['steps'][number]['facets']>[number]) => (subject: Subject) =>
  subject.entry.steps.some(({ facets }) => facets?.includes(wanted));

export const facetGroups: readonly FacetGroup[] = [
  {
    name: 'This mix',
    choose: 'all',
    facets: [
      facet(
        'fits',
        'fits this mix',
        'Can be used with the experts that are in the mix now.',
        ({ entry, experts }) => !whyNot(entry, experts),
      ),
    ],
  },
  {
    name: 'Place in the chain',
    choose: 'any',
    facets: [
      facet('pre', 'before the merge', 'Changes what the experts bring; a merge follows.', kind('pre')),
      facet('merge', 'merges', 'Makes one result of all experts.', kind('merge')),
      facet('post', 'after the merge', 'Edits the merged change.', kind('post')),
    ],
  },
  {
    name: 'Base',
    choose: 'any',
    facets: [
      facet('base', 'needs a base', 'Works with what the experts changed of their common base.', (one) =>
        any(one, (needs) => needs.base),
      ),
      facet('no-base', 'needs no base', 'Takes the experts as they are.', (one) => !any(one, (needs) => needs.base)),
    ],
  },
  {
    name: 'Models',
    choose: 'any',
    facets: [
      facet('two', 'two models', 'Joins exactly two.', (one) => any(one, ({ experts }) => experts.max === 2)),
      facet(
        'many',
        'any number',
        'Takes as many experts as there are.',
        (one) => !any(one, ({ experts }) => experts.max !== undefined),
      ),
    ],
  },
  {
    name: 'Data',
    choose: 'any',
    facets: [
      facet('data-free', 'data-free', 'Sees weights only.', (one) => !any(one, (needs) => needs.data)),
      facet('inputs', 'unlabelled data', 'Sees calibration images without their labels.', (one) =>
        any(one, (needs) => needs.data === 'inputs'),
      ),
      facet('labels', 'labelled data', 'Sees calibration images and their labels.', (one) =>
        any(one, (needs) => needs.data === 'labels'),
      ),
    ],
  },
  {
    name: 'Result',
    choose: 'any',
    facets: [
      facet('one', 'one network', 'One network answers all tasks.', (one) => result(one) === 'single'),
      facet(
        'per-task',
        'one per task',
        'The task must be known when the network is used.',
        (one) => result(one) !== undefined && result(one) !== 'single',
      ),
    ],
  },
  {
    name: 'Works with',
    choose: 'all',
    facets: [
      facet('seed', 'seed', 'Draws random numbers.', (one) => any(one, (needs) => needs.seed)),
      facet('order', 'order matters', 'Another order of the experts is another merge.', (one) =>
        any(one, (needs) => needs.order),
      ),
      facet('gradients', 'gradients', 'Trains on the network itself.', (one) => any(one, (needs) => needs.gradients)),
      facet('svd', 'SVD', 'Takes weight matrices apart into directions.', marked('svd')),
      facet('optimiser', 'optimiser', 'Minimises something step by step.', marked('optimiser')),
      facet('depth', 'depth', 'Treats early and late layers differently.', marked('depth')),
      facet('masks', 'masks', 'Keeps some weights and drops others.', marked('masks')),
      facet('compression', 'compression', 'Stores experts in fewer bits.', marked('compression')),
      facet('reconstruction', 'reconstruction', 'The paper leaves steps open that were filled in here.', ({ pages }) =>
        pages.some((page) => page.confidence === 'low'),
      ),
    ],
  },
];

/** Facets by entry: which ids it has. */
export function facetsOf(entry: Entry, handbook: PrintedHandbook, experts: number): ReadonlySet<string> {
  const needs = entry.steps.map((step) => step.needs);
  const pages = entry.steps.flatMap((step) => handbook.methods[step.id] ?? []);
  const subject: Subject = { entry, needs, pages, experts };
  return new Set(facetGroups.flatMap(({ facets }) => facets.filter(({ has }) => has(subject)).map(({ id }) => id)));
}

/** Whether an entry with these facets is wanted. */
export function isWanted(facets: ReadonlySet<string>, chosen: ReadonlySet<string>): boolean {
  return facetGroups.every((group) => {
    const asked = group.facets.filter(({ id }) => chosen.has(id));
    if (asked.length === 0) return true;
    return group.choose === 'any' ? asked.some(({ id }) => facets.has(id)) : asked.every(({ id }) => facets.has(id));
  });
}

/** How many of the entries there would be with this facet chosen, in place of the others of its group where one of them is enough. */
export function countWith(facet: string, entries: readonly ReadonlySet<string>[], chosen: ReadonlySet<string>): number {
  const group = facetGroups.find(({ facets }) => facets.some(({ id }) => id === facet));
  const rivals = new Set(group?.choose === 'any' ? group.facets.map(({ id }) => id) : []);
  const asked = new Set([...[...chosen].filter((id) => !rivals.has(id)), facet]);
  return entries.filter((facets) => isWanted(facets, asked)).length;
}
