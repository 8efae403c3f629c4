import { sha256 } from '@noble/hashes/sha2.js';

/** SHA-256 as 64 lower-case hex digits; text is hashed as UTF-8. Synchronous and the same everywhere, unlike `crypto.subtle`. */
export function sha256Hex(content: Uint8Array | string): string {
  return hexOf(sha256(typeof content === 'string' ? new TextEncoder().encode(content) : content));
}

const hexOf = (digest: Uint8Array) => Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');

/** A checksum of bytes that come in parts. */
export interface Hasher {
  update(bytes: Uint8Array): void;
  /** 64 lower-case hex digits; nothing can be added after it. */
  hex(): string;
}

export function sha256Parts(): Hasher {
  const hash = sha256.create();
  return { update: (bytes) => void hash.update(bytes), hex: () => hexOf(hash.digest()) };
}
