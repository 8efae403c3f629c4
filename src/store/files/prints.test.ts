/** Prints are read when a link, a recipe or an interrupted merge needs them, and change nothing else. */
import { beforeEach, expect, test, vi } from 'vitest';
import type { OpenedModel } from '../../client/protocol.ts';
import { eventually } from '../eventually.testing.ts';
import { filesDropped } from './dropped.ts';
import { filesEngine } from './engine.ts';
import { filesLink } from './link.ts';
import { printedFiles, printedState } from './prints.ts';
import { useFiles } from './store.ts';
import { selectFilesSubject } from './subject.ts';

vi.mock('./engine.ts', () => {
  const engine = {
    prints: vi.fn(async (ids: readonly string[]) => ids.map((id) => [id.slice(0, 1).repeat(64)])),
    open: vi.fn(),
    check: vi.fn(async () => ({ fit: { rows: [] }, methods: [], problems: [] })),
    plan: vi.fn(async () => ({ tensors: 0, tokenizer: false, remarks: [], needs: null, refusals: [] })),
  };
  return { filesEngine: () => engine };
});

const begin = useFiles.getState();
const engine = vi.mocked(filesEngine());
const model = (id: string): OpenedModel => ({
  outline: { id, name: id, kind: 'weights', tensors: [], metadata: {}, config: null, bytes: 8 },
  files: [{ path: `${id}.safetensors`, size: 8, print: null }],
});
const open = [model('base'), model('cat'), model('dog')];

beforeEach(() => {
  useFiles.setState(begin, true);
  vi.clearAllMocks();
});

const prints = () => useFiles.getState().models.flatMap(({ files }) => files.map(({ print }) => print?.slice(0, 2)));

test('they are asked for once, of the models that lack them', async () => {
  useFiles.getState().modelsOpened(open.slice(0, 2), []);
  expect(printedFiles(open[0]?.files ?? [])).toEqual([]);
  expect(filesLink(await printedState())).toContain('base.safetensors:8:bbbbbbbbbbbb:base:base');
  expect(prints()).toEqual(['bb', 'cc']);
  useFiles.getState().modelsOpened(open.slice(2), []);
  await printedState();
  await printedState();
  expect(prints()).toEqual(['bb', 'cc', 'dd']);
  expect(engine.prints.mock.calls).toEqual([[['base', 'cat']], [['dog']]]);
});

test('the table and what is inspected stay as they are', async () => {
  engine.open.mockResolvedValue({ models: open, problems: [] });
  await filesDropped([{ path: 'base.safetensors', file: new File([], 'base.safetensors') }]);
  await eventually(() => expect(useFiles.getState().planned.phase).toBe('planned'));
  expect(prints()).toEqual([undefined, undefined, undefined]);
  const { check } = useFiles.getState();
  useFiles.setState({ kin: { phase: 'reading', done: 1, total: 2 } });
  const { key } = selectFilesSubject(useFiles.getState()) ?? {};
  await printedState();
  await new Promise((resolve) => setTimeout(resolve, 120));
  expect(prints()).toEqual(['bb', 'cc', 'dd']);
  expect(engine.check).toHaveBeenCalledTimes(1);
  expect(useFiles.getState()).toMatchObject({ check, kin: { phase: 'reading' } });
  expect(selectFilesSubject(useFiles.getState())?.key).toBe(key);
});

test('files that a link waits for are known when they are shown', async () => {
  useFiles.setState({ wanted: [{ id: 'other', name: 'x', size: 8, print: 'cccc' }], roles: { other: 'expert' } });
  engine.open.mockResolvedValue({ models: open, problems: [] });
  const seen: unknown[] = [];
  const stop = useFiles.subscribe(({ models }) => models.length > 0 && seen.push(prints()));
  await filesDropped([{ path: 'base.safetensors', file: new File([], 'base.safetensors') }]);
  stop();
  expect(seen[0]).toEqual(['bb', 'cc', 'dd']);
  expect(Object.keys(useFiles.getState().roles)).toContain('cat');
  expect(Object.keys(useFiles.getState().roles)).not.toContain('other');
});
