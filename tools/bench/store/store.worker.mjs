/** The real store at a catalog of the bench's own. */
import { Catalog } from '../../../src/models/catalog';
import { createPackStore } from '../../../src/models/store';
import { serve } from '../../../src/rpc/serve';

const storeAt = (models) => createPackStore(new Catalog(models));

serve({
  ensure: (models, pack, signal) => storeAt(models).ensure({ pack }, signal),
  open: (models, pack, signal) => storeAt(models).open(pack, signal),
  remove: (models, pack, signal) => storeAt(models).remove(pack, signal),
  async stored(models, pack, signal) {
    const statuses = await storeAt(models).status(signal);
    return statuses.find((status) => status.pack.id === pack)?.storedBytes ?? 0;
  },
});
