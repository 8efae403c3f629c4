import { expose } from 'comlink';
import { createFilesService } from '../src/engine/files-service.ts';

expose(createFilesService());
