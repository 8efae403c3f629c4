/** A model card of a merge in Markdown, with the front matter that Hugging Face reads. */
import { stringify } from 'yaml';
import type { MethodPage } from '../methods/metadata.ts';
import { bibtex } from './bibtex.ts';

/** A model that was merged. */
export interface CardModel {
  /** Path or hub id. */
  readonly name: string;
  readonly part: 'base' | 'expert';
  /** SHA-256 of its files, where they were read. */
  readonly sha256?: string;
}

export interface ModelCard {
  readonly title: string;
  readonly models: readonly CardModel[];
  /** Each method of the chain: its name, what it does, and its paper. */
  readonly methods: readonly Pick<MethodPage, 'summary' | 'reference'>[];
  readonly methodNames: readonly string[];
  /** The merge as mergekit's configuration, or why there is none. */
  readonly config: { readonly text: string } | { readonly reason: string };
  /** Files that were written. */
  readonly files: readonly { readonly name: string; readonly bytes: number; readonly sha256: string }[];
  /** Where the studio opens this merge again. */
  readonly link?: string;
  /** What was asked for and is done otherwise. */
  readonly remarks: readonly string[];
}

/** A hub id, as the hub takes it for a link to a model: `owner/name`, and no path. */
const HUB_ID = /^[\w-][\w.-]*\/[\w-][\w.-]*$/;

export function modelCard(card: ModelCard): string {
  return [frontMatter(card), ...body(card)]
    .filter((part) => part !== '')
    .join('\n\n')
    .concat('\n');
}

function frontMatter({ models }: ModelCard): string {
  const hub = [...new Set(models.map(({ name }) => name).filter((name) => HUB_ID.test(name)))];
  const fields = {
    ...(hub.length > 0 && { base_model: hub, base_model_relation: 'merge' }),
    library_name: 'transformers',
    tags: ['merge', 'mergekit'],
  };
  return `---\n${stringify(fields, { version: '1.1', lineWidth: 0 })}---`;
}

function body({ title, models, methods, methodNames, config, files, link, remarks }: ModelCard): string[] {
  return [
    `# ${plain(title)}`,
    `A merge of ${models.filter(({ part }) => part === 'expert').length} models by ${listed(methodNames)}, made with Merge Studio.`,
    ...methods.map(({ summary }) => summary),
    '## Models',
    table(
      ['Model', 'Part', 'SHA-256'],
      models.map(({ name, part, sha256 }) => [code(name), part, sha256 === undefined ? 'not read' : code(sha256)]),
    ),
    '## Recipe',
    'text' in config
      ? fenced('yaml', config.text)
      : `There is no mergekit configuration of this merge: ${plain(config.reason)}`,
    link === undefined ? '' : `Open it again: <${link.replace(/[<>\s]/g, encodeURIComponent)}>`,
    ...(remarks.length > 0 ? ['## Done otherwise', remarks.map((remark) => `- ${plain(remark)}`).join('\n')] : []),
    ...(files.length > 0
      ? [
          '## Files',
          table(
            ['File', 'Bytes', 'SHA-256'],
            files.map(({ name, bytes, sha256 }) => [code(name), String(bytes), code(sha256)]),
          ),
        ]
      : []),
    ...(methods.length > 0
      ? ['## Citations', fenced('bibtex', [...new Set(methods.map(({ reference }) => bibtex(reference)))].join('\n\n'))]
      : []),
  ];
}

const listed = (names: readonly string[]): string => names.map(plain).join(' and ');

/** A stranger's text in one line, of which nothing is read as Markdown. */
const plain = (text: string): string => text.replace(/\s+/g, ' ').replace(/[\\`*_[\]<>|#]/g, '\\$&');

/** In a table's cell, in which only `|` ends it. */
const code = (text: string): string => `\`${text.replace(/[`\s]+/g, ' ').replace(/\|/g, '\\|')}\``;

/** With a fence that is longer than any in the text. */
function fenced(language: string, text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language}\n${text.trimEnd()}\n${fence}`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');
}
