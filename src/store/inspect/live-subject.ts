/** The networks on the screen as what is inspected: base, experts of the mix, the merge, and pinned merges. */
import { type LiveInspector, openInspector } from '../../client/inspect.ts';
import type { LiveSet } from '../../client/protocol.ts';
import { WorkerFailure } from '../../client/worker-client.ts';
import type { Card, Scores } from '../../formats/card.ts';
import { buildLink } from '../../formats/link.ts';
import { defaultView } from '../../formats/view.ts';
import { catalogue } from '../catalogue.ts';
import { familySource } from '../family-source.ts';
import { memo } from '../memo.ts';
import { PIN_LETTERS } from '../pins.ts';
import { selectMergeId } from '../selectors.ts';
import type { StudioState } from '../state.ts';
import { useStudio } from '../studio.ts';
import { testTiers } from '../tiers.ts';
import type { SeenModel, Subject } from './subject.ts';

let open: { readonly card: Card; readonly inspector: LiveInspector } | undefined;
let telling: (text: string) => void = () => {};

/** Who wants to know which merge is being prepared. */
export function onPreparing(tell: (text: string) => void): () => void {
  telling = tell;
  return () => {
    telling = () => {};
  };
}

function inspectorOf(card: Card): LiveInspector {
  if (open?.card !== card) {
    open?.inspector.close();
    const source = familySource();
    if (!source) throw new Error('the page was not opened yet');
    const tell = (done: number, total: number, doing: string) => telling(`${doing}, ${done} of ${total}`);
    open = { card, inspector: openInspector(source, tell) };
  }
  return open.inspector;
}

/** A crashed worker is of no more use: the next question gets a new one. */
async function asking<T>(card: Card, ask: (inspector: LiveInspector) => Promise<T>): Promise<T> {
  try {
    return await ask(inspectorOf(card));
  } catch (error) {
    if (error instanceof WorkerFailure && error.failure.code === 'crashed') {
      open?.inspector.close();
      open = undefined;
    }
    throw error;
  }
}

/** The nested test subsets, up to what is measured in this visit. */
function sampleCounts(card: Card, most: number): readonly number[] {
  const ends = testTiers(card).filter((end) => end <= most);
  return ends.length > 0 ? ends : [most];
}

/** Something on the screen is waited for: a drag, or the numbers of the recipe. */
const isBusy = ({ dragOrigin, run }: StudioState) =>
  dragOrigin !== null || run.phase === 'preparing' || run.phase === 'measuring';

const atRest = (): Promise<void> =>
  new Promise((resolve) => {
    if (!isBusy(useStudio.getState())) return resolve();
    const stop = useStudio.subscribe((state) => {
      if (isBusy(state)) return;
      stop();
      resolve();
    });
  });

/** Scores of networks by what they are made of: a merge is known by its id. */
const measured = new Map<string, Scores>();

/** The merge on the screen and the pinned ones; null before a family is open. */
export const selectLiveSubject = memo(
  (state: StudioState) => [state.card, state.recipe, selectMergeId(state), state.pins, state.samples],
  (card, recipe, id, pins, samples): Subject | null => {
    if (!card || !recipe || id === null) return null;
    const current = { id, recipe };
    const pinned = (['a', 'b'] as const).flatMap((name) => {
      const pin = pins[name];
      return pin && pin.mergeId !== id ? [{ id: pin.mergeId, recipe: pin.recipe, name }] : [];
    });
    const set: LiveSet = {
      experts: recipe.experts,
      merges: [current, ...pinned.map((pin) => ({ id: pin.id, recipe: pin.recipe }))],
    };
    const taskName = (task: string) => card.tasks.find((one) => one.id === task)?.name ?? task;
    const mergeName = (mergeId: string) => {
      const pin = pinned.find((one) => one.id === mergeId);
      return pin ? `${PIN_LETTERS[pin.name]} (pinned)` : 'Merge';
    };
    const seen = (model: {
      readonly id: string;
      readonly role: SeenModel['role'];
      readonly task?: string;
    }): SeenModel => {
      const [mergeId = ''] = model.id.split('/');
      const index = card.experts.findIndex((expert) => expert.id === (model.task ?? model.id));
      if (model.role === 'base') return { id: model.id, role: 'base', name: 'Base', index };
      if (model.role === 'expert') return { id: model.id, role: 'expert', name: taskName(model.id), index };
      const name = model.task === undefined ? mergeName(mergeId) : `${mergeName(mergeId)} for ${taskName(model.task)}`;
      return { id: model.id, role: 'merge', name, index, pinned: mergeId !== id };
    };
    const key = [card.family, ...set.experts, ...set.merges.map((merge) => merge.id)].join(' ');
    return {
      key,
      title: `merge ${id.slice(0, 6)}`,
      survey: async () => {
        const { models, tensors, without } = await asking(card, (inspector) => inspector.survey(set));
        const remarks = without.map(({ id: merge, reason }) => `${mergeName(merge)} is left out. ${reason}`);
        return { models: models.map(seen), tensors, remarks };
      },
      page: (tensor) => asking(card, (inspector) => inspector.page(set, tensor)),
      kept: (tensor, density) => asking(card, (inspector) => inspector.kept(set, tensor, density)),
      difference: (a, b) => asking(card, (inspector) => inspector.difference(set, a, b)),
      differenceMap: (tensor, a, b) => asking(card, (inspector) => inspector.differenceMap(set, tensor, a, b)),
      behaviour: {
        tasks: recipe.experts.map((task) => ({ id: task, name: taskName(task) })),
        samples: sampleCounts(card, samples),
        alignment: (task, count) => asking(card, (inspector) => inspector.alignment(set, task, count)),
        slice: (corners, others) => asking(card, (inspector) => inspector.slice(set, corners, others)),
        score: async (shares, count, wanted) => {
          const used = Object.fromEntries(Object.entries(shares).filter(([, share]) => share !== 0));
          const name = JSON.stringify([card.family, used, recipe.experts, count]);
          const known = measured.get(name);
          if (known) return known;
          await atRest();
          if (!wanted()) return undefined;
          const request = { shares: used, tasks: recipe.experts, samples: count };
          const scores = await asking(card, (inspector) => inspector.score(set, request));
          measured.set(name, scores);
          return scores;
        },
      },
      lora: {
        // Networks of the zoo are small: every direction of every matrix is known.
        ranks: [],
        between: false,
        isLong: false,
        spectra: ({ model }) => asking(card, (inspector) => inspector.lora(set, model)),
        files: ({ model }, chosen) => asking(card, (inspector) => inspector.loraFiles(set, model, chosen)),
        stop: () => {},
        run: {
          score: async (model, chosen, count, wanted) => {
            const name = JSON.stringify([card.family, 'lora', model, chosen, recipe.experts, count]);
            const known = measured.get(name);
            if (known) return known;
            await atRest();
            if (!wanted()) return undefined;
            const request = { model, ...chosen, tasks: recipe.experts, samples: count };
            const scores = await asking(card, (inspector) => inspector.loraScore(set, request));
            measured.set(name, scores);
            return scores;
          },
          network: (model) => {
            const [made = '', task] = model.split('/');
            const from = set.merges.find((merge) => merge.id === made);
            const origin = from && {
              merge_id: from.id,
              recipe: buildLink(from.recipe, defaultView(from.recipe, card), catalogue, card),
              ...(task !== undefined && { task }),
            };
            const written = { format: 'pt', family: card.family, ...origin };
            return asking(card, (inspector) => inspector.networkFile(set, model, written));
          },
        },
      },
    };
  },
);
