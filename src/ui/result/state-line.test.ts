import { describe, expect, it } from 'vitest';
import type { TaskRow } from '../../store/selectors.ts';
import { stateLine, summarise } from './state-line.ts';

function row(change: Partial<TaskRow> = {}): TaskRow {
  return {
    task: 'digits',
    name: 'Digits',
    summary: '',
    metric: { share: true, smaller: false, digits: 1 },
    span: null,
    index: 0,
    merged: true,
    state: 'measured',
    mergeId: 'abc',
    accuracy: 0.8,
    low: 0.7,
    high: 0.9,
    n: 64,
    base: 0.6,
    expert: 0.95,
    average: 0.7,
    ofExpert: 0.84,
    ...change,
  };
}
const facts = {
  images: 512,
  points: 31,
  extrapolated: false,
  more: false,
  preparing: false,
  refused: false,
  loading: false,
  fromZoo: false,
};

describe('the state line', () => {
  it('tells on how many images every task at least was measured', () => {
    expect(stateLine([row({ n: 256 }), row()], facts)).toBe('measured on 64 of 512 test samples per task');
    expect(stateLine([row()], { ...facts, more: true })).toBe(
      'measured on 64 of 512 test samples per task, counting on',
    );
    expect(stateLine([row({ n: 512 })], { ...facts, fromZoo: true })).toBe(
      'measured on 512 of 512 test samples per task, when the models were made',
    );
    expect(stateLine([row({ n: 512 })], { ...facts, more: true })).toBe('measured on 512 of 512 test samples per task');
  });

  it('never calls an estimate or an old number measured', () => {
    expect(stateLine([row(), row({ state: 'estimated', n: 0 })], facts)).toBe('estimated from 31 measured merges');
    expect(stateLine([row({ state: 'estimated', n: 0 })], { ...facts, extrapolated: true })).toBe(
      'extrapolated from 31 measured merges, outside what they span: a guess',
    );
    expect(stateLine([row(), row({ state: 'measuring' })], facts)).toMatch(/^measuring … the pale bars/);
    expect(stateLine([row({ state: 'measuring', accuracy: null })], facts)).toBe('measuring …');
    expect(stateLine([row({ state: 'measuring' })], { ...facts, preparing: true })).toMatch(/^preparing/);
    expect(stateLine([row()], { ...facts, refused: true })).toMatch(/^not merged/);
    const loading = { ...facts, loading: true };
    expect(stateLine([row({ state: 'measuring', accuracy: null })], loading)).toBe('waiting for the models …');
  });

  it('says that nothing is there when nothing is', () => {
    expect(stateLine([], facts)).toBe('nothing is merged yet');
  });
});

describe('the summary', () => {
  it('leaves out tasks that are not merged or have no number', () => {
    const rows = [
      row({ accuracy: 0.9, ofExpert: 1 }),
      row({ task: 'kana', name: 'Kana', accuracy: 0.5, ofExpert: 0.5 }),
      row({ merged: false, accuracy: 0.1, ofExpert: 0.1 }),
      row({ accuracy: null, ofExpert: null }),
    ];
    expect(summarise(rows)).toMatchObject({ average: 0.7, normalised: 0.75, worstAccuracy: 0.5, estimated: false });
    expect(summarise(rows)?.worst.name).toBe('Kana');
  });

  it('is nothing without numbers, and estimated as soon as one number is', () => {
    expect(summarise([row({ accuracy: null })])).toBeUndefined();
    expect(summarise([row(), row({ state: 'estimated' })])?.estimated).toBe(true);
  });
});
