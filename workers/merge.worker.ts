import { expose } from 'comlink';
import { createMergeService } from '../src/engine/merge-service.ts';

expose(createMergeService());
