/** Starts pieces of work before their turn, and gives their results in order. */

/** @param most pieces under way at once */
export function inOrder<T>(pieces: Iterator<() => Promise<T>>, most: number): () => Promise<T | undefined> {
  const started: Promise<T>[] = [];
  const start = () => {
    while (started.length < most) {
      const piece = pieces.next();
      if (piece.done) return;
      const running = piece.value();
      // Who asks for the result hears of its failure; when nobody asks any more, nobody has to.
      running.catch(() => {});
      started.push(running);
    }
  };
  return async () => {
    start();
    const first = started.shift();
    const result = await first;
    start();
    return result;
  };
}
