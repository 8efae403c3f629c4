/** What the method browser and the documentation pages show; loaded with them. */
import { type MethodDoc, methodDoc, SHELVES } from '../formats/method-doc.ts';
import type { Handbook, MethodMetadata } from '../methods/metadata.ts';
import { catalogue } from './catalogue.ts';

/** What the shelf of a family is called. */
export const shelfName = (family: MethodMetadata['family']): string => SHELVES[family];

/** The documentation of a method or preset; undefined where there is none. */
export const docOf = (id: string, handbook: Handbook): MethodDoc | undefined => methodDoc(id, catalogue, handbook);
