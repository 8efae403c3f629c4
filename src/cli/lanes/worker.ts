/** A thread of Node that does the arithmetic of merges of files. */
import { parentPort } from 'node:worker_threads';
import { serve } from '../../engine/files/lanes/crew.ts';
import { openKernels } from '../../engine/files/lanes/kernels.ts';
import { diskReader } from './disk-reader.ts';
import { lineOf } from './line.ts';

if (parentPort) serve(lineOf(parentPort), openKernels(), diskReader());
