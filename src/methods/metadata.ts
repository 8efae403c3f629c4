/**
 * The methods without their functions, as plain data in three parts: what recipes, links and sliders need at once, the texts that
 * explain it all, which the page loads later, and what only the writer of mergekit configurations needs.
 */
import type { Needs } from './context.ts';
import type { ChoiceControl, Control, Controls, NumberControl } from './control.ts';
import type { Common, Facet, Family, Method } from './define.ts';
import type { MergekitForm, MergekitJoin } from './mergekit.ts';
import { type Preset, presets } from './presets.ts';
import { methods } from './registry.ts';

// ---------------------------------------------------------------- at once

type ChoiceMetadata = Omit<ChoiceControl, 'help' | 'options'> & {
  readonly options: readonly { readonly value: string; readonly name: string }[];
};

/** A control without its explanations. */
type ControlMetadata = Omit<NumberControl, 'help'> | ChoiceMetadata;

export interface MethodMetadata {
  readonly id: string;
  readonly revision: number;
  readonly kind: 'pre' | 'merge' | 'post';
  /** Merge methods only. */
  readonly result?: 'single' | 'masked' | 'routed' | 'set';
  /** Merge methods only: the merged network has blocks of its own. */
  readonly changesDepth?: true;
  readonly name: string;
  readonly family: Family;
  readonly facets?: readonly Facet[];
  /** Of its paper: methods are walked through in this order. */
  readonly year: number;
  readonly needs: Needs;
  readonly controls: Readonly<Record<string, ControlMetadata>>;
}

/** A named chain without its texts. */
export type PresetMetadata = Pick<Preset, 'id' | 'name' | 'chain' | 'experts'> & { readonly year: number };

export interface Catalogue {
  readonly methods: readonly MethodMetadata[];
  readonly presets: readonly PresetMetadata[];
}

// ---------------------------------------------------------------- later

type Texts = Common<Needs, Controls>;

/** What explains a control: in general, and each of its options. */
export interface ControlHelp {
  readonly help: string;
  readonly options?: Readonly<Record<string, string>>;
}

/** What a method's documentation says. */
export interface MethodPage
  extends Pick<Texts, 'formula' | 'summary' | 'helps' | 'hurts' | 'limits' | 'reference' | 'aliases' | 'notes'> {
  readonly confidence?: 'medium' | 'low';
  /** What mergekit calls it. */
  readonly mergekit?: string;
  readonly controls: Readonly<Record<string, ControlHelp>>;
}

export type PresetPage = Pick<Preset, 'summary' | 'reference'>;

export interface Handbook {
  readonly methods: Readonly<Record<string, MethodPage>>;
  readonly presets: Readonly<Record<string, PresetPage>>;
}

/** The handbook as the page gets it: with every formula as MathML too, one entry per equation. */
export interface PrintedHandbook extends Handbook {
  readonly formulas: Readonly<Record<string, readonly string[]>>;
}

// ---------------------------------------------------------------- for configurations

/** What mergekit has in place of methods, by their ids. */
export interface Mergekit {
  readonly merges: Readonly<Record<string, readonly MergekitForm[]>>;
  /** Steps before a merge. */
  readonly joins: Readonly<Record<string, readonly MergekitJoin[]>>;
}

// ---------------------------------------------------------------- all made of the method files

function brief(control: Control): ControlMetadata {
  const { help: _help, ...rest } = control;
  if (rest.kind !== 'choice') return rest;
  return { ...rest, options: rest.options.map(({ value, name }) => ({ value, name })) };
}

function helpOf(control: Control): ControlHelp {
  if (control.kind !== 'choice') return { help: control.help };
  return { help: control.help, options: Object.fromEntries(control.options.map(({ value, help }) => [value, help])) };
}

const eachControl = <T>(method: Method, make: (control: Control) => T): Readonly<Record<string, T>> =>
  Object.fromEntries(Object.entries<Control>(method.controls).map(([key, control]) => [key, make(control)]));

function metadataOf(method: Method): MethodMetadata {
  const { id, revision, kind, name, family, needs, reference } = method;
  return {
    id,
    revision,
    kind,
    ...(method.kind === 'merge' && { result: method.result }),
    ...(method.kind === 'merge' && method.blocks && { changesDepth: true }),
    name,
    family,
    ...(method.facets && { facets: method.facets }),
    year: reference.year,
    needs,
    controls: eachControl(method, brief),
  };
}

/** What mergekit calls the merge: its forms differ where choices do. */
function mergekitName(method: Method): { readonly mergekit?: string } {
  if (method.kind !== 'merge' || !method.mergekit) return {};
  return { mergekit: [...new Set(method.mergekit.map((form) => form.method))].join(', ') };
}

function pageOf(method: Method): MethodPage {
  const { formula, summary, helps, hurts, limits, reference, aliases, notes, confidence } = method;
  return {
    formula,
    summary,
    helps,
    hurts,
    ...(limits !== undefined && { limits }),
    reference,
    ...(aliases && { aliases }),
    ...(notes && { notes }),
    ...(confidence && { confidence }),
    ...mergekitName(method),
    controls: eachControl(method, helpOf),
  };
}

export const metadata: Catalogue = {
  methods: methods.map(metadataOf),
  presets: presets.map(({ id, name, chain, experts, reference }) => ({
    id,
    name,
    chain,
    ...(experts && { experts }),
    year: reference.year,
  })),
};

export const handbook: Handbook = {
  methods: Object.fromEntries(methods.map((method) => [method.id, pageOf(method)])),
  presets: Object.fromEntries(presets.map(({ id, summary, reference }) => [id, { summary, reference }])),
};

export const mergekit: Mergekit = {
  merges: Object.fromEntries(
    methods.flatMap((method) => (method.kind === 'merge' && method.mergekit ? [[method.id, method.mergekit]] : [])),
  ),
  joins: Object.fromEntries(
    methods.flatMap((method) => (method.kind === 'pre' && method.mergekit ? [[method.id, method.mergekit]] : [])),
  ),
};
