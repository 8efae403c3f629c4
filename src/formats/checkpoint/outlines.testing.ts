/** Outlines of models as their published files have them, in few blocks and small sides. */
import type { ModelOutline, TensorOutline } from './outline.ts';

export type Shapes = Readonly<Record<string, readonly number[]>>;

export function outlineOf(id: string, shapes: Shapes, more: Partial<ModelOutline> = {}): ModelOutline {
  const tensors = Object.entries(shapes).map(([name, shape]): TensorOutline => ({ name, shape, dtype: 'F32' }));
  return { id, name: id, kind: 'weights', tensors, metadata: {}, config: undefined, bytes: 0, ...more };
}

/** Tensors of each of `count` blocks, `#` being its number. */
export function blocks(count: number, shapes: Shapes): Shapes {
  return Object.fromEntries(
    Array.from({ length: count }, (_, i) =>
      Object.entries(shapes).map(([name, shape]) => [name.replace('#', String(i)), shape] as const),
    ).flat(),
  );
}
