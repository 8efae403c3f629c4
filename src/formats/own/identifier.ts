/** Names that a card and a link can hold, made of whatever files are called. */

const TAKEN: readonly string[] = ['base', 'average', 'worst', 'change'];

/** Small letters, digits and single hyphens. @param used names that others have already */
export function identifierOf(name: string, used: readonly string[]): string {
  const plain =
    name
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, '-')
      .replaceAll(/^-+|-+$/g, '') || 'expert';
  const free = (id: string) => !used.includes(id) && !TAKEN.includes(id);
  for (let n = 1; ; n++) {
    const id = n === 1 ? plain : `${plain}-${n}`;
    if (free(id)) return id;
  }
}
