import type { PackEngine } from '../src/engines/contracts';
import { createPackStore } from '../src/models/store';
import { serve } from '../src/rpc/serve';

const engine: PackEngine = createPackStore();
serve(engine);
