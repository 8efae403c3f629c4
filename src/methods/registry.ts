/** Finds the method files; adding a file adds a method. */
import type { Method } from './define.ts';

const files = import.meta.glob<{ default: Method }>(
  ['./*.ts', '!./*.test.ts', '!./{context,control,define,laws,mergekit,metadata,presets,registry}.ts'],
  { eager: true },
);

/** All methods, sorted by id. */
export const methods: readonly Method[] = Object.values(files)
  .map((file) => file.default)
  .sort((a, b) => (a.id < b.id ? -1 : 1));

const byId = new Map(methods.map((method) => [method.id, method]));

/** @throws Error when no method has this id */
export function methodById(id: string): Method {
  const method = byId.get(id);
  if (!method) throw new Error(`no method "${id}"; known: ${[...byId.keys()].join(', ')}`);
  return method;
}
