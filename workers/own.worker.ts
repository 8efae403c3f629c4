import { expose } from 'comlink';
import { readImages } from '../src/engine/own/images.ts';
import { createOwnService } from '../src/engine/own/own-service.ts';

expose(createOwnService(readImages));
