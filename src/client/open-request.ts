import type { Card } from '../formats/card.ts';
import type { BackendName, OpenRequest } from './protocol.ts';
import { absolute, wasmPaths } from './wasm-paths.ts';

/** A family, and what runs it. */
export interface FamilySource {
  readonly card: Card;
  readonly zooUrl: string;
  /** Files of a family of the user's own, by name. */
  readonly files?: ReadonlyMap<string, Blob> | undefined;
  /** Forces one backend. */
  readonly backend?: BackendName | undefined;
}

/** What a worker has to know to open a family. */
export const openRequest = ({ card, zooUrl, files, backend }: FamilySource): OpenRequest => ({
  card,
  zooUrl: absolute(zooUrl),
  ...(files && { files }),
  wasmPaths: wasmPaths(),
  ...(backend && { backend }),
});
