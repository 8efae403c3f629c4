import { useEffect, useState } from 'react';

/** Whether files rather than a text are dragged. */
const hasFiles = ({ dataTransfer }: DragEvent): boolean => dataTransfer?.types.includes('Files') === true;

/** Files may be dropped anywhere on the page. @returns whether some are above it now */
export function useDrop(): boolean {
  const [dropping, setDropping] = useState(false);
  useEffect(() => {
    const over = (event: DragEvent) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      setDropping(true);
    };
    const leave = (event: DragEvent) => {
      // Leaving for nowhere is leaving the page.
      if (event.relatedTarget === null) setDropping(false);
    };
    const drop = (event: DragEvent) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      setDropping(false);
      const entries = [...(event.dataTransfer?.items ?? [])].flatMap((item) => item.webkitGetAsEntry() ?? []);
      void take(entries, event.dataTransfer?.files ?? null);
    };
    addEventListener('dragover', over);
    addEventListener('dragleave', leave);
    addEventListener('drop', drop);
    return () => {
      removeEventListener('dragover', over);
      removeEventListener('dragleave', leave);
      removeEventListener('drop', drop);
    };
  }, []);
  return dropping;
}

/** Reading files is not part of the first view. Some drops have files without entries. */
async function take(entries: readonly FileSystemEntry[], list: FileList | null): Promise<void> {
  const plain = list && [...list];
  const { fromEntries, fromFiles, openDropped } = await import('./files.ts');
  await openDropped(entries.length > 0 ? await fromEntries(entries) : fromFiles(plain ?? []));
}
