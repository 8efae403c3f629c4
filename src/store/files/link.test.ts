/** Links and recipes of own models: somebody else who has the same files gets the same merge. */
import { beforeEach, expect, test } from 'vitest';
import type { OpenedModel } from '../../client/protocol.ts';
import { writeRecipeOfFiles } from '../../formats/checkpoint/recipe-of-files.ts';
import { askedOf, networkOf } from './asked.ts';
import { filesLink, openFilesLink, openRecipeOfFiles, recipeFilesOf } from './link.ts';
import { useFiles } from './store.ts';

const begin = useFiles.getState();
beforeEach(() => useFiles.setState(begin, true));

const model = (id: string, print: string, file = `${id}.safetensors`): OpenedModel => ({
  outline: { id, name: id, kind: 'weights', tensors: [], metadata: {}, config: null, bytes: 8 },
  files: [{ path: `folder/${file}`, size: 8, print: print.repeat(64) }],
});
const OPEN = [model('base', '0'), model('one', '1'), model('two', '2')];
/** The same files under other names. */
const RENAMED = [model('two', '1', 'x.safetensors'), model('start', '0'), model('drei', '2')];

function madeHere() {
  const state = useFiles.getState();
  state.modelsOpened(OPEN, []);
  state.methodChosen('bitdelta');
  state.networkChosen('two');
  state.dtypeChosen('BF16');
  state.choiceMade({ vocabulary: 'union', head: 'keep:two' });
  return askedOf(useFiles.getState());
}

const recipeOf = () => {
  const state = useFiles.getState();
  const { recipe, dtype, choices } = state;
  return writeRecipeOfFiles(recipe, { files: recipeFilesOf(state), dtype, network: networkOf(state), choices });
};

const WAYS = [
  ['a link', () => filesLink(useFiles.getState()), (text: string) => void openFilesLink(text)],
  ['a recipe', recipeOf, (text: string) => void expect(openRecipeOfFiles(text)).toBeUndefined()],
] as const;

test.each(WAYS)('%s, then the files, is the same merge, whose network it is included', (_name, write, read) => {
  const wanted = madeHere();
  expect(wanted.network).toBe('two');
  const text = write();
  useFiles.setState(begin, true);
  read(text);
  useFiles.getState().modelsOpened(OPEN, []);
  expect(askedOf(useFiles.getState())).toEqual(wanted);
});

test.each(WAYS)('%s finds files that have other names, and their parts and choices go along', (_name, write, read) => {
  madeHere();
  const text = write();
  useFiles.setState(begin, true);
  read(text);
  useFiles.getState().modelsOpened(RENAMED, []);
  const { base, experts, network, choices, dtype } = askedOf(useFiles.getState());
  expect({ base, experts: [...experts].sort(), network, choices, dtype }).toEqual({
    base: 'start',
    experts: ['drei', 'two'],
    network: 'drei',
    choices: { vocabulary: 'union', head: 'keep:drei' },
    dtype: 'BF16',
  });
});

test('a recipe over files that are open already takes them, and leaves others out', () => {
  const wanted = madeHere();
  const text = recipeOf();
  useFiles.setState(begin, true);
  useFiles.getState().modelsOpened([...OPEN, model('third', '3')], []);
  expect(openRecipeOfFiles(text)).toBeUndefined();
  expect(askedOf(useFiles.getState())).toEqual(wanted);
  expect(useFiles.getState().roles.third).toBe('out');
});

test('files with other bytes stay wanted', () => {
  madeHere();
  const text = recipeOf();
  useFiles.setState(begin, true);
  openRecipeOfFiles(text);
  useFiles.getState().modelsOpened([model('one', '9')], []);
  const { wanted, models } = useFiles.getState();
  expect(wanted.map(({ name }) => name)).toEqual(['base.safetensors', 'one.safetensors', 'two.safetensors']);
  expect(models[0]?.files[0]?.print?.startsWith(wanted[1]?.print ?? '')).toBe(false);
});

test('what is no recipe over files is refused in a sentence', () => {
  expect(openRecipeOfFiles('{')).toContain('The recipe is no JSON');
  expect(openRecipeOfFiles('{"version": 1}')).toContain('names no files');
  const text = JSON.stringify({ files: [{ model: 'a', part: 'expert', name: 'a', bytes: 1, print: '00000000' }] });
  expect(openRecipeOfFiles(text)).toContain('got version');
  expect(useFiles.getState().wanted).toEqual([]);
});
