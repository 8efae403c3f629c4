import { expose } from 'comlink';
import { createSearchService } from '../src/engine/search-service.ts';

expose(createSearchService());
