import { sha256 } from '@noble/hashes/sha2.js';

/** SHA-256 as 64 lower-case hex digits; text is hashed as UTF-8. Synchronous and the same everywhere, unlike `crypto.subtle`. */
export function sha256Hex(content: Uint8Array | string): string {
  const digest = sha256(typeof content === 'string' ? new TextEncoder().encode(content) : content);
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
