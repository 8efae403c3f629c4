/** Opens the studio: the card first, so that numbers are on the screen before any weight has arrived. */
import type { BackendName, Failure } from '../client/protocol.ts';
import { type Card, parseCard } from '../formats/card.ts';
import { peekLink } from '../formats/link.ts';
import { startExploring } from './explore.ts';
import { setFamilySource } from './family-source.ts';
import { startHandbook } from './handbook.ts';
import { recallKept, startKeeping } from './keep.ts';
import { startLive } from './live.ts';
import { startNesting } from './nest.ts';
import { startOffline } from './offline.ts';
import { watchPacks } from './packs.ts';
import { useStudio } from './studio.ts';
import { openingPoints } from './study.ts';
import { testTiers } from './tiers.ts';
import { startAddress } from './url.ts';
import { startVarying } from './vary.ts';

const BACKENDS: readonly string[] = ['webgpu', 'wasm', 'cpu'] satisfies BackendName[];

const isBackend = (name: string | null): name is BackendName => name !== null && BACKENDS.includes(name);

export async function openStudio(): Promise<void> {
  const peeked = peekLink(location.hash);
  const family = peeked.kind === 'ok' ? peeked.family : undefined;
  const own = family?.startsWith('own-') ? await recallOwn(family) : undefined;
  // Whose files are not here, the link says so itself.
  const zooUrl = `zoo/${family?.startsWith('own-') ? 'glyph-vit' : (family ?? 'glyph-vit')}/`;
  let card: Card;
  try {
    card = own ? own.card : await fetchCard(`${zooUrl}card.json`);
  } catch (error) {
    return useStudio.setState({ zoo: { phase: 'failed', failure: cardFailure(error) } });
  }
  const query = new URLSearchParams(location.search);
  const backend = query.get('backend');
  const asked = Number(query.get('samples') ?? Number.NaN);
  const limit = asked >= 1 ? Math.floor(asked) : undefined;
  useStudio.setState({ card, points: openingPoints(card) });
  startVarying(card);
  startAddress(card);
  // Whoever limits the samples wants the numbers of these samples.
  if (limit === undefined) showOpeningNumbers();
  const tiers = testTiers(card, limit);
  const samples = tiers.at(-1) ?? 0;
  useStudio.setState({ samples });
  await recallKept(card, samples);
  startKeeping(card, samples);
  startExploring();
  startNesting();
  startHandbook();
  startOffline();
  watchPacks();
  const source = { card, zooUrl, files: own?.files, backend: isBackend(backend) ? backend : undefined };
  setFamilySource(source);
  startLive({ ...source, tiers, onBytes: bytesOf(card) });
}

const recallOwn = async (family: string) => (await import('./own/kept-families.ts')).recallFamily(family);

async function fetchCard(address: string): Promise<Card> {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${address}: the server answered ${response.status}`);
  return parseCard(await response.json(), address);
}

function cardFailure(error: unknown): Failure {
  const message = error instanceof Error ? error.message : String(error);
  return {
    code: 'zoo',
    message: `The card of the models could not be read: ${message}`,
    todo: 'Reload the page; if it happens again, the published files are damaged.',
  };
}

/** The default recipe was measured in full when the zoo was made: its numbers are shown until this machine has its own. */
function showOpeningNumbers(): void {
  const { card, points, recipe } = useStudio.getState();
  const [first] = points;
  const test = card?.opening.points[0]?.test;
  if (!first || !test || !recipe || JSON.stringify(first.recipe) !== JSON.stringify(recipe)) return;
  const { mergeId } = first;
  useStudio.setState({ measurement: { mergeId, recipe, test, info: null, source: 'zoo' } });
}

/** Tells what the recipe on the screen needs; counts bytes once per file, though several workers may read it. */
function bytesOf(card: Card): (file: string, received: number) => void {
  const wanted = useStudio.getState().recipe?.experts ?? card.opening.experts;
  const first = card.tasks.filter(({ id }) => wanted.includes(id)).flatMap(({ test }) => test.slice(0, 1));
  const models = card.experts.filter(({ id }) => wanted.includes(id));
  const expected = [card.base, card.heads, ...models, ...first];
  const total = expected.reduce((sum, { bytes }) => sum + bytes, 0);
  useStudio.setState({ zoo: { phase: 'loading', received: 0, total } });
  const names = new Set(expected.map(({ file }) => file));
  const received = new Map<string, number>();
  return (file, bytes) => {
    if (!names.has(file) || (received.get(file) ?? 0) >= bytes) return;
    received.set(file, bytes);
    const sum = [...received.values()].reduce((a, b) => a + b, 0);
    if (useStudio.getState().zoo.phase === 'loading')
      useStudio.setState({ zoo: { phase: 'loading', received: sum, total } });
  };
}
