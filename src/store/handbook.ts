/** The texts of all methods: too much for the first view, so they come right after the first live numbers, or when asked for. */
import { create } from 'zustand';
import type { ControlHelp, PrintedHandbook } from '../methods/metadata.ts';
import { useStudio } from './studio.ts';

type Shelved =
  | { readonly phase: 'waiting' }
  | { readonly phase: 'open'; readonly handbook: PrintedHandbook }
  /** The file could not be fetched. */
  | { readonly phase: 'failed' };

/** The handbook, for `useHandbook` below and for whoever has to tell that it cannot be had. */
export const useShelf = create<Shelved>()(() => ({ phase: 'waiting' }));

let loading: Promise<void> | undefined;

/** Fetches the handbook once; after a failure, once more. */
export function openHandbook(): Promise<void> {
  loading ??= import('virtual:handbook').then(
    (module) => useShelf.setState({ phase: 'open', handbook: module.default }),
    () => {
      loading = undefined;
      useShelf.setState({ phase: 'failed' });
    },
  );
  return loading;
}

/** Opens the handbook as soon as the visitor has numbers to read, or will not get any. */
export function startHandbook(): void {
  const unsubscribe = useStudio.subscribe(({ measurement, run, refusedLink }) => {
    const settled = measurement?.source === 'here' || run.phase === 'failed' || run.phase === 'refused';
    if (!settled || refusedLink) return;
    unsubscribe();
    void openHandbook();
  });
}

/** A part of the handbook; undefined until it is here. `select` picks parts of it and makes none. */
export const useHandbook = <T>(select: (handbook: PrintedHandbook) => T): T | undefined =>
  useShelf((shelf) => (shelf.phase === 'open' ? select(shelf.handbook) : undefined));

/** What explains a control of a method; undefined until the handbook is here, and for methods from elsewhere. */
export const useControlHelp = (method: string, control: string): ControlHelp | undefined =>
  useHandbook(({ methods }) => methods[method]?.controls[control]);
