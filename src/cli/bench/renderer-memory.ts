/** Memory of a page and its workers: they share one process of the browser. */
import { readFileSync, writeFileSync } from 'node:fs';
import type { CDPSession } from 'playwright';

interface RendererMemory {
  /** The most since this was begun, and how much more that is than it was then. */
  peak(): Promise<{ readonly bytes: number; readonly grown: number }>;
}

/** Undefined on systems without /proc. */
export async function rendererMemory(session: CDPSession): Promise<RendererMemory | undefined> {
  try {
    const { processInfo } = await session.send('SystemInfo.getProcessInfo');
    const renderers = processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => id);
    // The browser keeps spare ones, which are small.
    const before = Math.max(...renderers.map((id) => resident(id, 'VmRSS')));
    const own = renderers.find((id) => resident(id, 'VmRSS') === before);
    if (own === undefined) return undefined;
    // The kernel counts the peak anew.
    writeFileSync(`/proc/${own}/clear_refs`, '5');
    return {
      async peak() {
        const bytes = resident(own, 'VmHWM');
        return { bytes, grown: bytes - before };
      },
    };
  } catch {
    return undefined;
  }
}

/** @param field of /proc/<id>/status, given there in units of 1024 bytes */
function resident(id: number, field: 'VmRSS' | 'VmHWM'): number {
  const [, kilobytes] =
    new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(readFileSync(`/proc/${id}/status`, 'utf8')) ?? [];
  if (kilobytes === undefined) throw new Error(`/proc/${id}/status: has no ${field}`);
  return Number(kilobytes) * 1024;
}
