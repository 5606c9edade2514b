/** The verbs on model packs: each has its pack to itself, and every window hears how it goes. */
import { AppError } from '../core/errors';
import type { Pack } from '../core/pack';
import type {
  ImportResult,
  OpenPack,
  OtherCache,
  PackActivity,
  PackRequest,
  PackStatus,
  Upload,
} from '../core/packDisk';
import { type Catalog, ownCatalog } from './catalog';
import { catalogPack, described, PACK_JSON, withFiles } from './describe';
import { downloadPack } from './download';
import { exportPack } from './exportPack';
import { PATIENCE, type Patience } from './fetchChunks';
import { importPack } from './importPack';
import { dropRevisions, fileRow, forgetFile, packRows, putPack, putTerms, termsRow } from './ledger';
import { Announcer, type Tell } from './news';
import { openPack } from './openPack';
import { otherCaches, removeOtherCache } from './otherCaches';
import { withPackLock } from './packLock';
import { sweepPaintings } from './paintings';
import { withRoom } from './room';
import { sourcesOf } from './sources';
import { packStatuses } from './status';
import { verifyPack } from './verifyPack';

/** As `PackEngine` of the contracts says. */
export function createPackStore(catalog: Catalog = ownCatalog(), patience: Patience = PATIENCE) {
  const { stallMs } = patience;
  return {
    async status(signal: AbortSignal): Promise<readonly PackStatus[]> {
      signal.throwIfAborted();
      expectSecure();
      void sweepPaintings().catch(() => undefined);
      return await packStatuses(catalog);
    },

    async ensure(request: PackRequest, signal: AbortSignal): Promise<void> {
      expectSecure();
      const entry = await catalogPack(catalog, request.pack);
      await expectTerms(entry, request);
      const sources = sourcesOf(catalog.url, entry, request);
      // What another window leaves undone is done here.
      await alone(entry.id, 'download', 'waits', signal, async (tell) => {
        const pack = await withFiles(entry, sources, stallMs, signal);
        await withRoom(pack, async () => {
          await begin(pack, request);
          await downloadPack(pack, sources, patience, tell, signal);
          await dropRevisions(pack.id, pack.revision);
        });
      });
    },

    async open(pack: string, signal: AbortSignal): Promise<OpenPack> {
      signal.throwIfAborted();
      return await openPack(pack);
    },

    async verify(pack: string, signal: AbortSignal): Promise<readonly string[]> {
      expectSecure();
      return await alone(pack, 'verify', 'refuses', signal, (tell) => verifyPack(pack, tell, signal));
    },

    async remove(pack: string, signal: AbortSignal): Promise<void> {
      expectSecure();
      await alone(pack, 'remove', 'refuses', signal, () => dropRevisions(pack));
    },

    async importFiles(
      request: PackRequest,
      uploads: readonly Upload[],
      signal: AbortSignal,
    ): Promise<ImportResult> {
      expectSecure();
      const entry = await catalogPack(catalog, request.pack);
      await expectTerms(entry, request);
      const sources = sourcesOf(catalog.url, entry, request);
      return await alone(entry.id, 'import', 'refuses', signal, async (tell) => {
        const isDescription = ({ path }: Upload) => `/${path}`.endsWith(`/${PACK_JSON}`);
        const json = entry.files.length ? undefined : uploads.find(isDescription);
        const pack = json
          ? await described(entry, await json.file.text())
          : await withFiles(entry, sources, stallMs, signal);
        const weights = uploads.filter((upload) => !isDescription(upload));
        return await withRoom(pack, async () => {
          await begin(pack, request);
          const result = await importPack(pack, weights, tell, signal);
          if (!result.missing.length) await dropRevisions(pack.id, pack.revision);
          return result;
        });
      });
    },

    async exportTo(pack: string, folder: FileSystemDirectoryHandle, signal: AbortSignal): Promise<void> {
      expectSecure();
      await alone(pack, 'export', 'refuses', signal, (tell) => exportPack(pack, folder, tell, signal));
    },

    async others(signal: AbortSignal): Promise<readonly OtherCache[]> {
      signal.throwIfAborted();
      return await otherCaches();
    },

    async removeOther(id: string, signal: AbortSignal): Promise<void> {
      signal.throwIfAborted();
      await removeOtherCache(id);
    },
  };
}

/** The news of the end go out when the pack is free again: who hears them may want it. */
async function alone<T>(
  pack: string,
  activity: PackActivity,
  whenBusy: 'waits' | 'refuses',
  signal: AbortSignal,
  work: (tell: Tell) => Promise<T>,
): Promise<T> {
  let announcer: Announcer | undefined;
  try {
    return await withPackLock(pack, signal, whenBusy, () => {
      announcer = new Announcer(pack, activity);
      return work(announcer.tell);
    });
  } finally {
    announcer?.end();
  }
}

/** @throws AppError bad-request where browsers give pages no locks and no digests: plain http from another machine */
function expectSecure(): void {
  if (globalThis.isSecureContext) return;
  const words = 'models can only be kept by a page that came over https or from this computer itself';
  throw new AppError('bad-request', words, { insecure: true });
}

/** @throws AppError bad-request when there are terms that nobody has accepted */
async function expectTerms(entry: Pack, { acceptTerms }: PackRequest): Promise<void> {
  const { id, restricted } = entry;
  if (!restricted) return;
  if (acceptTerms) await withRoom(entry, () => putTerms(id, new Date().toISOString()));
  else if (!(await termsRow(id))) {
    const details = { pack: id, terms: restricted.summary, url: restricted.url };
    throw new AppError('bad-request', `the terms of ${id} have to be accepted first`, details);
  }
}

/** From here on the disk knows of this revision. */
async function begin(pack: Pack, { trustChanged }: PackRequest): Promise<void> {
  if (trustChanged && !(await fileRow(pack.id, pack.revision, trustChanged))?.isWhole) {
    await forgetFile(pack.id, pack.revision, trustChanged);
  }
  const known = (await packRows(pack.id)).find((row) => row.pack.revision === pack.revision);
  await putPack({ pack, startedAt: known?.startedAt ?? new Date().toISOString() });
}
