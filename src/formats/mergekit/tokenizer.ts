/** `tokenizer_source` and `tokenizer`: which tokens the merged model has, and where their rows come from (mergekit's tokenizer/config.py). */
import { quote } from '../link-text.ts';
import type { AskedTokens, ModelReference, Report, TokenRequest } from './configuration.ts';
import type { Located, LocatedMap } from './located.ts';
import { referenceOf } from './reference.ts';

/** More of them are no configuration by hand. */
const MAX_TOKENS = 10_000;
/** Embeddings are padded for the hardware: to 64, 128 or 256. */
const MAX_MULTIPLE = 1_000_000;

export function tokensAsked(root: LocatedMap, report: Report): AskedTokens | undefined {
  const source = filled(root.entries.get('tokenizer_source'));
  const block = filled(root.entries.get('tokenizer'));
  if (source && block) report.problem(block, 'got both tokenizer_source and tokenizer: mergekit takes one of them');
  if (source) {
    const from = sourceOf(source, 'tokenizer_source', report);
    return from && { source: from, tokens: [], padTo: null, line: source.line };
  }
  if (!block) return undefined;
  if (block.kind !== 'map') {
    report.problem(block, 'tokenizer: got no “source: …”, wanted for example “source: union”');
    return undefined;
  }
  for (const key of block.entries.keys())
    if (!['source', 'tokens', 'pad_to_multiple_of'].includes(key))
      report.remark(`${quote(`tokenizer.${key}`)} has no effect in mergekit, and none here.`);
  const given = filled(block.entries.get('source'));
  const from = given ? sourceOf(given, 'tokenizer.source', report) : 'union';
  const padTo = multipleOf(filled(block.entries.get('pad_to_multiple_of')), report);
  const tokens = listed(filled(block.entries.get('tokens')), report);
  return from && { source: from, tokens, padTo, line: block.line };
}

const filled = (node: Located | undefined): Located | undefined =>
  node && !(node.kind === 'scalar' && (node.value === null || node.value === '')) ? node : undefined;

function sourceOf(node: Located, key: string, report: Report): 'union' | 'base' | ModelReference | undefined {
  if (node.kind === 'scalar' && (node.value === 'union' || node.value === 'base')) return node.value;
  return referenceOf(node, key, report);
}

function multipleOf(node: Located | undefined, report: Report): number | null {
  if (!node) return null;
  const value = node.kind === 'scalar' ? node.value : null;
  if (typeof value === 'number' && Number.isInteger(value) && value > 0 && value <= MAX_MULTIPLE) return value;
  report.problem(node, `tokenizer.pad_to_multiple_of: wanted a whole number from 1 to ${MAX_MULTIPLE}`);
  return null;
}

function listed(node: Located | undefined, report: Report): readonly TokenRequest[] {
  if (!node) return [];
  if (node.kind !== 'map' || node.entries.size > MAX_TOKENS) {
    report.problem(node, `tokenizer.tokens: wanted at most ${MAX_TOKENS} tokens, each with its source`);
    return [];
  }
  return Array.from(node.entries, ([token, entry]) => tokenOf(token, entry, report));
}

function tokenOf(token: string, entry: Located, report: Report): TokenRequest {
  const none: TokenRequest = { token, source: null, force: false, line: entry.line };
  if (entry.kind !== 'map') {
    report.problem(entry, `tokenizer.tokens: ${quote(token)}: got no “source: …”`);
    return none;
  }
  const source = filled(entry.entries.get('source'));
  const force = entry.entries.get('force');
  const forced = force?.kind === 'scalar' && force.value === true;
  if (force && !(force.kind === 'scalar' && typeof force.value === 'boolean'))
    report.problem(force, `tokenizer.tokens: ${quote(token)}: force: wanted true or false`);
  return { ...none, source: source ? tokenSource(source, token, report) : null, force: forced };
}

function tokenSource(node: Located, token: string, report: Report): TokenRequest['source'] {
  const where = `tokenizer.tokens: ${quote(token)}: source`;
  const kind = node.kind === 'map' ? textIn(node, 'kind') : undefined;
  if (node.kind !== 'map' || kind === undefined) {
    const model = referenceOf(node, where, report);
    return model ? { kind: 'model', model } : null;
  }
  if (kind === 'zero') return { kind: 'zero' };
  const named = filled(node.entries.get('model'));
  const model = named && referenceOf(named, `${where}.model`, report);
  const other = filled(node.entries.get('token'));
  const id = filled(node.entries.get('token_id'));
  const text = other?.kind === 'scalar' ? String(other.value) : undefined;
  const row =
    id?.kind === 'scalar' && typeof id.value === 'number' && Number.isInteger(id.value) ? id.value : undefined;
  const wanted = text ?? row;
  if (kind === 'model_token' && model && wanted !== undefined && (other === undefined || id === undefined))
    return { kind: 'row', model, token: wanted };
  report.problem(
    node,
    `${where}: wanted a model, “kind: zero”, or “kind: model_token” with a model and either token or token_id`,
  );
  return null;
}

function textIn(map: LocatedMap, key: string): string | undefined {
  const node = map.entries.get(key);
  return node?.kind === 'scalar' && typeof node.value === 'string' ? node.value : undefined;
}
