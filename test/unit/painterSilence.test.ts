/** A painter on SDXL's twins behind its host: what is heard of it, and what becomes of one that nothing is heard of. */
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import type { PaintNews, PaintResult } from '../../src/core/painting';
import type { PainterEngine } from '../../src/engines/contracts';
import { WorkerHost } from '../../src/rpc/host';
import type { CheckpointMemory } from '../../workers/diffusion/checkpoints';
import { createPainter } from '../../workers/diffusion/engine';
import { packOf } from '../../workers/ort/diskPack';
import { channelWorker } from '../fakes/channelWorker';
import { checkpointsInMemory } from '../fakes/checkpoints';
import { makePaintRequest } from '../fakes/paintFaces';
import { sdxlPack } from '../fakes/sdxlPack';

const folder = resolve(import.meta.dirname, '../twins/sdxl');
const readGraph = async (name: string) => new Uint8Array(await readFile(resolve(folder, `${name}.onnx`)));

/** @param afterRun of any network; its answer waits for it */
async function painter(checkpoints: CheckpointMemory, afterRun: (name: string) => void | Promise<void>) {
  const pack = packOf(await sdxlPack('unet9', readGraph), null);
  const open: typeof pack.open = async (name, ...rest) => {
    const network = await pack.open(name, ...rest);
    const run: typeof network.run = async (feeds) => {
      const outputs = await network.run(feeds);
      await afterRun(name);
      return outputs;
    };
    return { ...network, run };
  };
  return createPainter({ checkpoints, pack: async () => ({ ...pack, open }) });
}

const bytesOf = ({ faces }: PaintResult) =>
  faces.flatMap(({ candidates }) => candidates.map(({ pixels }) => [...pixels.data]));

const { signal: never } = new AbortController();

afterEach(() => vi.useRealTimers());

test('each run of a network is told of before the next', async () => {
  const log: string[] = [];
  const telling = await painter(checkpointsInMemory(), () => void log.push('run'));
  await telling.paint(makePaintRequest(), never, () => log.push('word'));
  // Of two texts by two encoders, of 2 × 2 steps for two prompts, of two pictures.
  expect(log.filter((entry) => entry === 'run').length).toBeGreaterThanOrEqual(14);
  expect(log.join(' ')).not.toContain('run run');
});

test('a network that never answers costs its worker, and the next one goes on from the last step', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  const wanted = await (await painter(checkpointsInMemory(), () => {})).paint(makePaintRequest(), never);
  const checkpoints = checkpointsInMemory();
  let hanging = 0;
  const hangs = (name: string) => {
    if (name !== 'unet' || checkpoints.states.size === 0) return;
    hanging += 1;
    return new Promise<void>(() => {});
  };
  const workers = [
    channelWorker(await painter(checkpoints, hangs)),
    channelWorker(await painter(checkpoints, () => {})),
  ];
  const [first] = workers;
  const start = () => workers.shift()!;
  const host = new WorkerHost<PainterEngine>({ name: 'painter', graceMs: 1000, silentMs: 7000, start });
  const hung = host.engine.paint(makePaintRequest(), never);
  await expect.poll(() => hanging).toBe(1);
  vi.advanceTimersByTime(7000);
  await expect(hung).rejects.toMatchObject({ code: 'engine-lost', details: { reason: 'silent' } });
  expect(first!.isEnded()).toBe(true);

  const news: PaintNews[] = [];
  const again = await host.engine.paint(makePaintRequest(), never, (told) => news.push(told));
  host.stop();
  expect(bytesOf(again)).toEqual(bytesOf(wanted));
  // Of four steps one was done.
  expect(news.filter(({ preview }) => preview)).toHaveLength(3);
});
