import { expose } from 'comlink';
import { createOwnService } from '../src/engine/own/own-service.ts';

expose(createOwnService());
