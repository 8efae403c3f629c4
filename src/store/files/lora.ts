/** The change between two open models, or to a merge of them, as a low-rank adapter. */
import type { ChangeRequest, FilesSet } from '../../client/protocol.ts';
import type { LoraChange, LoraQuestions, LoraTell } from '../inspect/subject.ts';
import { filesEngine } from './engine.ts';

/** Largest ranks that can be asked for; beyond them an adapter is no small file any more. */
const RANKS = [16, 64, 256] as const;
/** Models of more bytes are decomposed when somebody says so: it takes longer than a few seconds. */
const ASK_ABOVE = 50_000_000;

export function loraOf(set: FilesSet, bytes: number): LoraQuestions {
  const request = ({ model, from, most }: LoraChange): ChangeRequest => ({ set, model, from, most });
  const share = (tell: LoraTell) => (done: number, total: number, doing: string) =>
    tell(done / Math.max(total, 1), doing);
  return {
    ranks: RANKS,
    between: true,
    isLong: bytes > ASK_ABOVE,
    spectra: (change, tell) => filesEngine().lora(request(change), share(tell)),
    files: (change, chosen, tell) => filesEngine().loraFile(request(change), chosen, share(tell)),
    stop: () => filesEngine().stopLora(),
    run: null,
  };
}
