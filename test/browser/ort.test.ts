/** The CPU build in a browser, and what becomes of one that cannot be loaded. */
import { expect, test } from 'vitest';
import { findAdapter, openDevice } from '../../workers/gpu/device';
import { openNetwork } from '../../workers/ort/network';
import { loadRuntime } from '../../workers/ort/runtime';
import { typesAnswers, typesFeeds } from '../fakes/typesTwin';
import typesUrl from '../twins/types.onnx?url';

const model = fetch(typesUrl).then(async (response) => new Uint8Array(await response.arrayBuffer()));

test('float16, bool and int32 go in and come out', async () => {
  const network = await openNetwork(await model);
  expect(await network.run(typesFeeds)).toEqual(typesAnswers);
  await network.release();
});

test('a runtime without its binary is engine-lost, and the other build works on', async () => {
  const { env } = await loadRuntime('jspi');
  env.wasm.wasmPaths = { wasm: '/index.html' };
  const gpu = await openDevice((await findAdapter())!, false);
  const opening = openNetwork(await model, { gpu, build: 'jspi' });
  await expect(opening).rejects.toMatchObject({ code: 'engine-lost' });
  gpu.destroy();
  await expect(openNetwork(await model)).resolves.toHaveProperty('run');
});
