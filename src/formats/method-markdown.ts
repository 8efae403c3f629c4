/** Documentation of methods as Markdown, for files and terminals. */
import type { MethodDoc, Parameter } from './method-doc.ts';

export function docMarkdown(doc: MethodDoc): string {
  const { reference, doubt } = doc;
  const paper = `[${reference.title}](${reference.url}), ${reference.authors ? `${reference.authors}, ` : ''}${reference.year}`;
  const blocks: readonly (string | undefined)[] = [
    `# ${doc.name}`,
    `\`${doc.id}\` · ${doc.shelf} · ${doc.place}`,
    doubt && `**${doubt.badge}** ${doubt.help}`,
    doc.summary,
    doc.formula && `$$\n${doc.formula}\n$$`,
    list(doc.steps.map(({ id, name, settings }) => `${name} (\`${id}\`)${settings ? ` with ${settings}` : ''}`)),
    doc.facts.map(({ name, text }) => `**${name}.** ${text}`).join('\n\n'),
    parameterTable(doc.parameters),
    list(doc.parameters.flatMap(({ name, options }) => options.map((each) => `${name}, *${each.name}*: ${each.help}`))),
    `## Needs\n\n${list(doc.needs)}`,
    `## Result\n\n${doc.result}`,
    doc.notes.length > 0 ? `## Notes\n\n${list(doc.notes)}` : undefined,
    doc.aliases.length > 0 ? `Also called: ${doc.aliases.join(', ')}.` : undefined,
    doc.mergekit === undefined ? undefined : `In mergekit: \`${doc.mergekit}\`.`,
    `## Paper\n\n${paper}\n\n\`\`\`bibtex\n${doc.bibtex}\n\`\`\``,
  ];
  return blocks.filter((block) => block !== undefined && block !== '').join('\n\n');
}

/** All methods in a line each, shelf by shelf. */
export function docsMarkdown(docs: readonly MethodDoc[]): string {
  const shelves = [...new Set(docs.map(({ shelf }) => shelf))];
  return shelves
    .map((shelf) => {
      const lines = docs
        .filter((doc) => doc.shelf === shelf)
        .map(({ id, name, summary }) => `**${name}** (\`${id}\`): ${summary}`);
      return `## ${shelf}\n\n${list(lines)}`;
    })
    .join('\n\n');
}

const list = (lines: readonly string[]): string => lines.map((line) => `- ${line}`).join('\n');

function parameterTable(parameters: readonly Parameter[]): string {
  if (parameters.length === 0) return '';
  const rows = parameters.map(({ symbol, name, range, standard, effect, help, condition }) =>
    [symbol, name, range, standard, effect, condition === undefined ? help : `${help} (${condition})`].map(cell),
  );
  const head = ['symbol', 'name', 'range', 'default', 'moving it needs', 'meaning'];
  const lines = [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`);
  return `## Parameters\n\n${lines.join('\n')}`;
}

/** A bar would end the cell. */
const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');
