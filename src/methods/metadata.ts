/** The methods without their functions: plain data that the page can list, explain and parse links with. */
import type { Control, Family, Needs } from './define.ts';
import { type Preset, presets } from './presets.ts';
import { methods } from './registry.ts';

export interface MethodMetadata {
  readonly id: string;
  readonly revision: number;
  readonly kind: 'pre' | 'merge' | 'post';
  readonly name: string;
  readonly family: Family;
  readonly formula: string;
  readonly summary: string;
  readonly helps: string;
  readonly hurts: string;
  readonly limits?: string;
  readonly reference: {
    readonly title: string;
    readonly authors?: string;
    readonly year: number;
    readonly url: string;
  };
  readonly aliases?: readonly string[];
  readonly needs: Needs;
  readonly controls: Readonly<Record<string, Control>>;
  readonly notes?: readonly string[];
  readonly scope: 'entry' | 'tensor' | 'model';
  /** Merge methods only. */
  readonly result?: 'single' | 'masked' | 'routed' | 'set';
  /** Post methods only. */
  readonly slow?: boolean;
}

export interface Catalogue {
  readonly methods: readonly MethodMetadata[];
  readonly presets: readonly Preset[];
}

/** JSON keeps data and drops functions; laws and examples are for tests and would only weigh on the page. */
const plain: MethodMetadata[] = methods.map(({ laws: _laws, examples: _examples, ...rest }) =>
  JSON.parse(JSON.stringify(rest)),
);

export const metadata: Catalogue = { methods: plain, presets };
