/** `path`, `path+adapter`, or both written out as a map. */
import { quote } from '../link-text.ts';
import type { ModelReference, Report } from './configuration.ts';
import type { Located } from './located.ts';

export function referenceOf(node: Located, key: string, report: Report): ModelReference | undefined {
  if (node.kind === 'scalar' && typeof node.value === 'string') {
    const [model = '', lora, ...more] = node.value.split('+');
    if (more.length === 0 && model !== '' && lora !== '') return joined(model, lora);
    report.problem(node, `${key}: got ${quote(node.value)}, wanted a path, or “path+adapter” with one adapter`);
    return undefined;
  }
  if (node.kind !== 'map') {
    const got = node.kind === 'scalar' ? quote(String(node.value)) : 'a list';
    report.problem(node, `${key}: got ${got}, wanted the path of a model: put it in quotes if it looks like a number`);
    return undefined;
  }
  const model = pathOf(node.entries.get('model'));
  const lora = pathOf(node.entries.get('lora'));
  if (model === undefined) {
    report.problem(node, `${key}: got no “model: <path>” in it: write one`);
    return undefined;
  }
  if (node.entries.has('override_architecture'))
    report.remark('override_architecture is left out: here tensors are told by their names.');
  return joined(model, lora);
}

const joined = (model: string, lora: string | undefined): ModelReference => ({
  text: lora === undefined ? model : `${model}+${lora}`,
  model,
  ...(lora !== undefined && { lora }),
});

/** A path, or `{path, revision}`. */
function pathOf(node: Located | undefined): string | undefined {
  if (node?.kind === 'scalar') return typeof node.value === 'string' && node.value !== '' ? node.value : undefined;
  if (node?.kind !== 'map') return undefined;
  const path = pathOf(node.entries.get('path'));
  const revision = pathOf(node.entries.get('revision'));
  return path !== undefined && revision !== undefined ? `${path}@${revision}` : path;
}
