/** Which models are open, and what each is for. */
import type { StateCreator } from 'zustand';
import type { OpenedModel } from '../../client/protocol.ts';
import { plainChain } from '../../formats/recipe.ts';
import { withExperts } from '../../formats/recipe-experts.ts';
import { catalogue } from '../catalogue.ts';
import type { FilesState, ModelsSlice, Role } from './state.ts';

/** What people call the model that others were trained from. */
const BASE_NAME = /(^|[^a-z])(base|pretrained|foundation|init)([^a-z]|$)/i;
/** Problems are read one by one: more than these are no help. */
const MOST_PROBLEMS = 50;

export const modelsSlice: StateCreator<FilesState, [], [], ModelsSlice> = (set) => ({
  models: [],
  roles: {},
  problems: [],
  opening: 0,
  modelsOpened: (opened, problems) =>
    set((state) => {
      const models = [...state.models, ...opened];
      const linked = renamed(state, opened);
      return {
        problems: [...state.problems, ...problems].slice(-MOST_PROBLEMS),
        network: linked.network,
        ...withRoles({ ...state, ...linked }, models, firstRoles(models, linked.roles)),
      };
    }),
  openingChanged: (files) => set((state) => ({ opening: state.opening + files })),
  roleChosen: (id, role) =>
    set((state) => {
      // There is one base: the one that was it becomes an expert.
      const others = Object.entries(state.roles).map(([other, now]): [string, Role] => [
        other,
        role === 'base' && now === 'base' ? 'expert' : now,
      ]);
      return withRoles(state, state.models, { ...Object.fromEntries(others), [id]: role });
    }),
  filesWanted: (wanted) =>
    set((state) => {
      const linked = renamed({ ...state, wanted }, state.models);
      return { wanted, ...linked, ...withRoles({ ...state, ...linked }, state.models, linked.roles) };
    }),
  absentGivenUp: () =>
    set((state) => {
      const isOpen = (id: string) => state.models.some(({ outline }) => outline.id === id);
      const roles = Object.fromEntries(Object.entries(state.roles).filter(([id]) => isOpen(id)));
      return { wanted: [], ...withRoles(state, state.models, roles) };
    }),
  modelRemoved: (id) =>
    set((state) => {
      const { [id]: _, ...roles } = state.roles;
      const models = state.models.filter(({ outline }) => outline.id !== id);
      return withRoles(state, models, roles);
    }),
  problemsRead: () => set({ problems: [] }),
});

/** Files that a link names may have another name here: its recipe is about what is in them. */
function renamed(
  { wanted, roles, recipe, network, choices }: FilesState,
  opened: readonly OpenedModel[],
): Pick<FilesState, 'roles' | 'recipe' | 'network' | 'choices'> {
  const names = new Map(
    opened.flatMap(({ outline, files }) => {
      const linked = wanted.find(({ print }) => files.some((file) => file.print?.startsWith(print)));
      return linked && linked.id !== outline.id ? [[linked.id, outline.id] as const] : [];
    }),
  );
  const now = (id: string) => names.get(id) ?? id;
  return {
    roles: Object.fromEntries(Object.entries(roles).map(([id, role]) => [now(id), role])),
    recipe: { ...recipe, experts: recipe.experts.map(now) },
    network: network === null ? null : now(network),
    choices: Object.fromEntries(
      Object.entries(choices).map(([kind, choice]) => [
        kind,
        choice.startsWith('keep:') ? `keep:${now(choice.slice('keep:'.length))}` : choice,
      ]),
    ),
  };
}

/** Models that are new get a part; nobody's choice is changed. */
function firstRoles(models: readonly OpenedModel[], before: FilesState['roles']): FilesState['roles'] {
  const roles: Record<string, Role> = { ...before };
  const fresh = models.filter(({ outline }) => !roles[outline.id]);
  const hasBase = Object.values(roles).includes('base');
  const weights = models.filter(({ outline }) => outline.kind === 'weights');
  const [only] = weights;
  // Beside adapters a single model is what they were trained on.
  const alone = weights.length === 1 && models.length > 1 ? only : undefined;
  const named = fresh.find(({ outline }) => outline.kind === 'weights' && BASE_NAME.test(outline.name));
  const base = hasBase ? undefined : (named ?? (alone && fresh.includes(alone) ? alone : undefined));
  for (const model of fresh) roles[model.outline.id] = model === base ? 'base' : 'expert';
  return roles;
}

function withRoles(
  state: FilesState,
  models: readonly OpenedModel[],
  roles: FilesState['roles'],
): Pick<FilesState, 'models' | 'roles' | 'recipe' | 'choices'> {
  const open = models.map(({ outline }) => outline.id);
  const isExpert = (id: string) => roles[id] === 'expert';
  const kept = state.recipe.experts.filter(isExpert);
  // Experts of a link keep their coefficients while their files are still to be dropped.
  const roster = [...open, ...kept.filter((id) => !open.includes(id))].map((id) => ({ id }));
  const fresh = roster.map(({ id }) => id).filter((id) => isExpert(id) && !kept.includes(id));
  const experts = withExperts(state.recipe, [...kept, ...fresh], catalogue, { experts: roster });
  const hasBase = Object.values(roles).includes('base');
  const recipe = state.methodTouched
    ? experts
    : { ...experts, chain: plainChain(catalogue, experts.experts.length, hasBase) };
  return { models, roles, recipe, choices: withoutStrangers(state.choices, roles) };
}

/** Choices that name a model which is out are open again. */
function withoutStrangers(choices: FilesState['choices'], roles: FilesState['roles']): FilesState['choices'] {
  const stays = (choice: string) => !choice.startsWith('keep:') || (roles[choice.slice(5)] ?? 'out') !== 'out';
  return Object.fromEntries(Object.entries(choices).filter(([, choice]) => stays(choice)));
}
