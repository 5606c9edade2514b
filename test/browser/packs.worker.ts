/** The real store in a worker, at the catalog and with the patience that the address names. */
import type { PackEngine } from '../../src/engines/contracts';
import { Catalog } from '../../src/models/catalog';
import type { Patience } from '../../src/models/fetchChunks';
import { createPackStore } from '../../src/models/store';
import { serve } from '../../src/rpc/serve';

const asked = new URLSearchParams(location.search);
const patience = JSON.parse(asked.get('patience')!) as Patience;
const engine: PackEngine = createPackStore(new Catalog(asked.get('models')!), patience);
serve(engine);
