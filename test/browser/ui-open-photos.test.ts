/** Which photos the engine holds: nothing is opened twice, nothing is left behind. */
import { expect, test } from 'vitest';
import type { PhotoId, PhotoInfo } from '../../src/core/photo';
import { OpenPhotos } from '../../src/ui/openPhotos';
import { Picture } from '../../src/ui/picture.svelte';
import { fakeEngines } from '../fakes/engines';
import { makePhoto } from '../fakes/faces';

/** An engine that opens when it is told to, and knows what it holds. */
function slowEngine() {
  const held = new Set<PhotoId>();
  const begun: (() => void)[] = [];
  let opened = 0;
  const photo = {
    ...fakeEngines().photo,
    async open(_file: Blob, name: string, signal: AbortSignal): Promise<PhotoInfo> {
      await new Promise<void>((resolve, reject) => {
        begun.push(resolve);
        signal.addEventListener('abort', () => reject(signal.reason));
      });
      const id = `photo-${opened++}` as PhotoId;
      held.add(id);
      return { ...makePhoto(name), id };
    },
    async close(id: PhotoId) {
      held.delete(id);
    },
  };
  return { photo, held, begun };
}

const picture = () => new Picture(new File(['x'], 'a.jpg'));
const live = () => new AbortController().signal;
/** Until all that can go on has gone on. */
const settled = () => new Promise((resolve) => setTimeout(resolve));

test('two who want a picture at once share it', async () => {
  const { photo, held, begun } = slowEngine();
  const openPhotos = new OpenPhotos(photo);
  const wanted = picture();
  const both = Promise.all([openPhotos.use(wanted, live()), openPhotos.use(wanted, live())]);
  await settled();
  expect(begun).toHaveLength(1);
  begun[0]!();
  const [first, second] = await both;
  expect(second).toBe(first);
  expect([...held]).toEqual([first.id]);
});

test('who waited for one that was cancelled opens it, unless cancelled as well', async () => {
  const { photo, held, begun } = slowEngine();
  const openPhotos = new OpenPhotos(photo);
  const wanted = picture();
  const [cancelled, bored] = [new AbortController(), new AbortController()];
  const uses = [cancelled.signal, live(), bored.signal].map((signal) => openPhotos.use(wanted, signal));
  const outcomes = Promise.allSettled(uses);
  bored.abort();
  cancelled.abort();
  await settled();
  expect(begun).toHaveLength(2);
  begun[1]!();
  expect((await outcomes).map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'rejected']);
  expect(held.size).toBe(1);
});

test('a picture that is taken away while it opens is closed', async () => {
  const { photo, held, begun } = slowEngine();
  const openPhotos = new OpenPhotos(photo);
  const wanted = picture();
  const use = openPhotos.use(wanted, live());
  await settled();
  const closed = openPhotos.close(wanted);
  begun[0]!();
  await Promise.all([use, closed]);
  expect([...held]).toEqual([]);
});
