/** Photos are looked at again when a person chooses another detector: the session over fake engines. */
import { expect, test, vi } from 'vitest';
import type { Face } from '../../src/core/face';
import type { Picture } from '../../src/ui/picture.svelte';
import { road } from '../../src/ui/road';
import { Session } from '../../src/ui/session.svelte';
import type { Workshop } from '../../src/ui/workshop';
import { type FakeOptions, fakeEngines } from '../fakes/engines';
import { asleep, awake, winking } from './uiApp';

const indexes = ({ faces }: Picture) => faces.map(({ index }) => index);

/** @param faces what each detector finds in a photo, by its name */
async function opened(
  faces: Readonly<Record<string, readonly Face[]>>,
  names: readonly string[],
  options: FakeOptions = {},
) {
  const looks: string[] = [];
  const workshop: Workshop = {
    ...road(fakeEngines(options)),
    findFaces: async (photo, _engines, { detector }) => {
      looks.push(`${photo.name} by ${detector}`);
      return faces[detector] ?? [];
    },
    identified: async (_photo, found) => found,
  };
  const session = new Session(async () => workshop);
  session.add(names.map((name) => new File(['picture'], name)));
  await vi.waitFor(() => expect(session.pictures.every(({ status }) => status === 'ready')).toBe(true));
  looks.length = 0;
  const choose = async (detector: 'embedded' | 'buffalo_l') => {
    session.config = { ...session.config, detection: { ...session.config.detection, detector } };
    await session.lookAgain();
  };
  return { session, looks, choose };
}

test('the faces are those that the new detector finds, in every photo', async () => {
  const { session, looks, choose } = await opened({ auto: [winking], buffalo_l: [asleep, awake] }, [
    'a',
    'b',
  ]);
  await choose('buffalo_l');
  expect(looks).toEqual(['a by buffalo_l', 'b by buffalo_l']);
  expect(session.pictures.map(indexes)).toEqual([
    [1, 2],
    [1, 2],
  ]);
});

test('what was written for a face goes with the faces', async () => {
  const { session, choose } = await opened({ auto: [winking], buffalo_l: [asleep, awake] }, ['a']);
  session.pictures[0]!.drafts = new Map([[winking.index, { seed: '7' }]]);
  await choose('buffalo_l');
  expect(session.pictures[0]!.drafts.size).toBe(0);
});

test('a photo with opened eyes stays as it is; one whose eyes were taken off or could not be opened is looked at', async () => {
  const { session, looks, choose } = await opened({ auto: [winking], embedded: [winking] }, [
    'kept',
    'undone',
  ]);
  const [kept, undone] = session.pictures;
  await session.open(kept!);
  await session.open(undone!);
  await session.undo(undone!, winking.index);
  await choose('embedded');
  expect(looks).toEqual(['undone by embedded']);
  expect(undone!.run).toBeNull();
  expect(kept!.placedCount).toBe(1);

  const refused = await opened({ auto: [winking], embedded: [awake] }, ['refused'], {
    ranks: [],
    openedRanks: [],
  });
  await refused.session.open(refused.session.pictures[0]!);
  expect(refused.session.pictures[0]!.run).not.toBeNull();
  await refused.choose('embedded');
  expect(refused.session.pictures[0]!.run).toBeNull();
  expect(indexes(refused.session.pictures[0]!)).toEqual([2]);
});

test('what is being opened ends first', async () => {
  const { session, looks, choose } = await opened({ auto: [winking], embedded: [awake] }, ['busy']);
  const [picture] = session.pictures;
  const opening = session.open(picture!);
  await choose('embedded');
  await opening;
  expect(looks).toEqual([]);
  expect(indexes(picture!)).toEqual([0]);
  expect(picture!.placedCount).toBe(1);
});

test("a person's word on who is who goes with the faces it was about", async () => {
  const { session, choose } = await opened({ auto: [winking], embedded: [awake, winking] }, [
    'target',
    'donor',
  ]);
  const [target, donor] = session.pictures;
  await session.open(target!);
  target!.links = [{ face: 0, donor: donor!, donorFace: 0 }];
  await choose('embedded');
  expect(indexes(target!)).toEqual([0]);
  expect(target!.links).toEqual([]);
});
