/** Remembers every pack that is measured while the page is open. */
import type { PackSize } from '../client/protocol.ts';
import { catalogue } from './catalogue.ts';
import type { MeasuredPack, StudioState } from './state.ts';
import { useStudio } from './studio.ts';

/** More than fit into a small plot. */
const MOST = 60;

export function watchPacks(): void {
  useStudio.subscribe((state, before) => {
    if (state.measurement !== before.measurement || state.dragOrigin !== before.dragOrigin) remember(state);
  });
}

function remember({ measurement, dragOrigin, packs }: StudioState): void {
  const size = measurement?.info?.footprint;
  if (!measurement || !size || dragOrigin) return;
  const { mergeId, recipe, test } = measurement;
  const pack: MeasuredPack = { mergeId, recipe, size, test };
  useStudio.setState({ packs: withPack(packs, pack) });
}

/** The newest of each mix, method and size, last. */
function withPack(packs: readonly MeasuredPack[], pack: MeasuredPack): readonly MeasuredPack[] {
  const key = keyOf(pack);
  return [...packs.filter((known) => keyOf(known) !== key), pack].slice(-MOST);
}

export const keyOf = ({ recipe, size }: MeasuredPack): string =>
  [recipe.experts.join(), methodsOf(recipe), Math.round(bitsOf(size) / 8)].join(' ');

export const methodsOf = ({ chain }: MeasuredPack['recipe']): string =>
  chain.map(({ method }) => catalogue.methods.find(({ id }) => id === method)?.name ?? method).join(' → ');

/** Base and all. */
export const bitsOf = ({ baseBits, sharedBits, perExpertBits, experts }: PackSize): number =>
  baseBits + sharedBits + experts * perExpertBits;
