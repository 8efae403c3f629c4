import { expose } from 'comlink';
import { createInspectService } from '../src/engine/inspect/live-inspect.ts';

expose(createInspectService());
