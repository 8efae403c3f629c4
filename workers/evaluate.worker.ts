import { expose } from 'comlink';
import { createEvaluateService } from '../src/engine/evaluate-service.ts';

expose(createEvaluateService());
