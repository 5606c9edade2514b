/** A GPU that never answers a run. The runtime of this realm waits for it from then on: one test, in a file of its own. */
import { expect, test } from 'vitest';
import { findAdapter, openDevice } from '../../workers/gpu/device';
import { openNetwork } from '../../workers/ort/network';
import { shardsFeeds, shardsModel, shardsWeights } from './gpuShards';

test('a device that is lost over a run that never ends leaves nobody waiting', async () => {
  const gpu = await openDevice((await findAdapter())!, false);
  const network = await openNetwork(await shardsModel(), { gpu, externalData: shardsWeights() });
  const asked = Promise.withResolvers<void>();
  GPUBuffer.prototype.mapAsync = () => {
    asked.resolve();
    return new Promise(() => {});
  };
  const run = network.run(shardsFeeds());
  await asked.promise;
  gpu.destroy();
  await expect(run).rejects.toMatchObject({ code: 'engine-lost', details: { reason: 'destroyed' } });
  await network.release();
});
