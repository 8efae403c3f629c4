/** Reads TypeScript sources for src/architecture.test.ts: what a file imports, which globals it uses, which words it holds. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { parseSync } from 'vite';

export interface Import {
  /** As written: './stack.ts', 'react', 'node:fs', 'virtual:catalogue'. */
  readonly specifier: string;
  /**
   * 'address' is `new URL('…', import.meta.url)`, by which workers are opened, or `from '…?url'`: no code is loaded.
   * 'type' leaves nothing at run time.
   */
  readonly kind: 'value' | 'type' | 'address';
}

export interface Source {
  /** Relative to the repository, with forward slashes. */
  readonly path: string;
  readonly lines: number;
  readonly imports: readonly Import[];
  /** Free-standing names, and members of them as 'Math.random'. */
  readonly names: ReadonlySet<string>;
  readonly strings: ReadonlySet<string>;
  /** The id that a method file declares. */
  readonly methodId: string | undefined;
}

interface Node {
  readonly type: string;
  readonly [key: string]: unknown;
}

/** Every .ts and .tsx file below the given folders of the repository. */
export function readSources(root: string, folders: readonly string[]): Source[] {
  return folders.flatMap((folder) =>
    readdirSync(join(root, folder), { withFileTypes: true, recursive: true })
      .filter((entry) => entry.isFile() && /(?<!\.d)\.tsx?$/.test(entry.name) && !/node_modules/.test(entry.parentPath))
      .map((entry) => join(entry.parentPath, entry.name))
      .sort()
      .map((file) => {
        const path = file.slice(root.length + 1).replaceAll('\\', '/');
        return readSource(path, readFileSync(file, 'utf8'));
      }),
  );
}

/** @throws Error when the text is no TypeScript: a file that cannot be read cannot be judged */
export function readSource(path: string, text: string): Source {
  const { program, errors } = parseSync(path, text, { lang: path.endsWith('x') ? 'tsx' : 'ts' });
  if (errors[0]) throw new Error(`${path}: ${errors[0].message}`);
  const imports: Import[] = [];
  const names = new Set<string>();
  const strings = new Set<string>();
  let methodId: string | undefined;
  walk(program as unknown as Node, (node) => {
    imports.push(...importsOf(node));
    if (node.type === 'Literal' && typeof node.value === 'string') strings.add(node.value);
    if (node.type === 'Identifier') names.add(String(node.name));
    if (node.type === 'MemberExpression') names.add(`${nameOf(node.object)}.${nameOf(node.property)}`);
    methodId ??= declaredMethod(node);
  });
  return { path, lines: text.split('\n').length - 1, imports, names, strings, methodId };
}

/** The file that a relative import names, relative to the repository; undefined for packages. */
export function resolveImport(from: string, specifier: string): string | undefined {
  if (!/^\.\.?\//.test(specifier)) return undefined;
  return posix.normalize(posix.join(posix.dirname(from), specifier.replace(/\?.*$/, '')));
}

function importsOf(node: Node): Import[] {
  switch (node.type) {
    case 'ImportDeclaration':
      return found(node.source, node.importKind === 'type' ? 'type' : 'value');
    case 'ExportNamedDeclaration':
    case 'ExportAllDeclaration':
      return found(node.source, node.exportKind === 'type' ? 'type' : 'value');
    case 'ImportExpression':
      return found(node.source, 'value');
    case 'TSImportType':
      return found((node.source ?? node.argument) as unknown, 'type');
    case 'NewExpression': {
      const [address, base] = node.arguments as Node[];
      if (nameOf(node.callee) !== 'URL' || !base || !isImportMeta(base.object)) return [];
      return found(address, 'address');
    }
    case 'CallExpression': {
      const callee = node.callee as Node;
      if (callee.type !== 'MemberExpression' || !isImportMeta(callee.object) || nameOf(callee.property) !== 'glob')
        return [];
      const [patterns] = node.arguments as Node[];
      const list = patterns?.type === 'ArrayExpression' ? (patterns.elements as Node[]) : [patterns];
      return list.flatMap((pattern) => found(pattern, 'value')).filter(({ specifier }) => !specifier.startsWith('!'));
    }
    default:
      return [];
  }
}

function found(literal: unknown, kind: Import['kind']): Import[] {
  const value = (literal as Node | null | undefined)?.value;
  if (typeof value !== 'string') return [];
  return [{ specifier: value, kind: value.endsWith('?url') ? 'address' : kind }];
}

function declaredMethod(node: Node): string | undefined {
  if (node.type !== 'CallExpression' || nameOf(node.callee) !== 'defineMethod') return undefined;
  const [declaration] = node.arguments as Node[];
  const properties = (declaration?.properties ?? []) as Node[];
  const id = properties.find((property) => nameOf(property.key) === 'id');
  return (id?.value as Node | undefined)?.value as string | undefined;
}

function walk(node: Node, visit: (node: Node) => void): void {
  visit(node);
  for (const [key, child] of Object.entries(node)) {
    // The name after a dot or before a colon is no use of a global of that name.
    const isLabel = (key === 'property' || key === 'key') && node.computed === false;
    if (isLabel && (child as Node).type === 'Identifier') continue;
    for (const each of Array.isArray(child) ? child : [child]) if (isNode(each)) walk(each, visit);
  }
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && typeof (value as Node).type === 'string';
}

function isImportMeta(value: unknown): boolean {
  return isNode(value) && value.type === 'MetaProperty';
}

function nameOf(value: unknown): string {
  return isNode(value) && value.type === 'Identifier' ? String(value.name) : '';
}
