import type { Plugin } from 'vite';
import { CONTENT_SECURITY_POLICY } from './policy.mjs';

/** Writes the policy into the built page: a static host need not be told how to send it. Development needs inline scripts. */
export function policy(): Plugin {
  return {
    name: 'merge-studio:policy',
    apply: 'build',
    transformIndexHtml: () => [
      {
        tag: 'meta',
        attrs: { 'http-equiv': 'Content-Security-Policy', content: CONTENT_SECURITY_POLICY },
        injectTo: 'head-prepend',
      },
    ],
  };
}
