/** The methods without their functions: plain data that the page can list, explain and parse links with. */
import type { Needs } from './context.ts';
import type { Common, Controls, MergekitForm, MergekitJoin } from './define.ts';
import { type Preset, presets } from './presets.ts';
import { methods } from './registry.ts';

export interface MethodMetadata extends Omit<Common<Needs, Controls>, 'laws' | 'examples'> {
  readonly kind: 'pre' | 'merge' | 'post';
  /** Merge methods only. */
  readonly result?: 'single' | 'masked' | 'routed' | 'set';
  /** Post methods only. */
  readonly slow?: boolean;
  /** Forms of a merge, or what a step before it becomes. */
  readonly mergekit?: readonly MergekitForm[] | MergekitJoin;
  /** Merge methods only: the merged network has blocks of its own. */
  readonly changesDepth?: true;
}

export interface Catalogue {
  readonly methods: readonly MethodMetadata[];
  readonly presets: readonly Preset[];
}

/** JSON keeps data and drops functions; laws and examples are for tests and would only weigh on the page. */
const plain: MethodMetadata[] = methods.map(({ laws: _laws, examples: _examples, ...rest }) =>
  JSON.parse(JSON.stringify({ ...rest, ...('blocks' in rest && { changesDepth: true }) })),
);

export const metadata: Catalogue = { methods: plain, presets };
