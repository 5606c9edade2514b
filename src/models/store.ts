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
import {
  dropRevisions,
  fileRows,
  forgetFile,
  packRows,
  putPack,
  putTerms,
  seenRows,
  termsRow,
} from './ledger';
import { Announcer } from './news';
import { openPack } from './openPack';
import { otherCaches, removeOtherCache } from './otherCaches';
import { withPackLock } from './packLock';
import { sourcesOf } from './sources';
import { isWholePack, packStatuses } from './status';
import { verifyPack } from './verifyPack';

/** As `PackEngine` of the contracts says. */
export function createPackStore(catalog: Catalog = ownCatalog(), patience: Patience = PATIENCE) {
  return {
    async status(signal: AbortSignal): Promise<readonly PackStatus[]> {
      signal.throwIfAborted();
      return await packStatuses(catalog);
    },

    async ensure(request: PackRequest, signal: AbortSignal): Promise<void> {
      const entry = await catalogPack(catalog, request.pack);
      await expectTerms(entry, request);
      const sources = sourcesOf(catalog.url, entry, request);
      const work = async () => {
        const pack = await withFiles(entry, sources, signal);
        await begin(pack, request);
        await telling(pack.id, 'download', (tell) => downloadPack(pack, sources, patience, tell, signal));
        await dropRevisions(pack.id, pack.revision);
      };
      // Another window's news go on meanwhile; what it leaves undone is done here.
      await withPackLock(entry.id, signal, work, () => undefined);
    },

    async open(pack: string, signal: AbortSignal): Promise<OpenPack> {
      signal.throwIfAborted();
      return await openPack(pack);
    },

    async verify(pack: string, signal: AbortSignal): Promise<readonly string[]> {
      return await alone(pack, 'verify', signal, (tell) => verifyPack(pack, tell, signal));
    },

    async remove(pack: string, signal: AbortSignal): Promise<void> {
      await alone(pack, 'remove', signal, () => dropRevisions(pack));
    },

    async importFiles(
      request: PackRequest,
      uploads: readonly Upload[],
      signal: AbortSignal,
    ): Promise<ImportResult> {
      const entry = await catalogPack(catalog, request.pack);
      await expectTerms(entry, request);
      return await alone(entry.id, 'import', signal, async (tell) => {
        const isDescription = ({ path }: Upload) => `/${path}`.endsWith(`/${PACK_JSON}`);
        const json = entry.files.length ? undefined : uploads.find(isDescription);
        const pack = json
          ? described(entry, await json.file.text())
          : await withFiles(entry, sourcesOf(catalog.url, entry, request), signal);
        await begin(pack, request);
        const weights = uploads.filter((upload) => !isDescription(upload));
        const result = await importPack(pack, weights, tell, signal);
        if (!result.missing.length) await dropRevisions(pack.id, pack.revision);
        return result;
      });
    },

    async exportTo(pack: string, folder: FileSystemDirectoryHandle, signal: AbortSignal): Promise<void> {
      await alone(pack, 'export', signal, (tell) => exportPack(pack, folder, tell, signal));
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

type Tell = (doneBytes: number, totalBytes: number) => void;

function alone<T>(
  pack: string,
  activity: PackActivity,
  signal: AbortSignal,
  work: (tell: Tell) => Promise<T>,
): Promise<T> {
  return withPackLock(pack, signal, () => telling(pack, activity, work));
}

async function telling<T>(
  pack: string,
  activity: PackActivity,
  work: (tell: Tell) => Promise<T>,
): Promise<T> {
  const announcer = new Announcer(pack, activity);
  try {
    announcer.tell(0, 0);
    return await work((done, total) => announcer.tell(done, total));
  } finally {
    announcer.end();
  }
}

/** @throws AppError bad-request when there are terms that nobody has accepted */
async function expectTerms({ id, restricted }: Pack, { acceptTerms }: PackRequest): Promise<void> {
  if (!restricted) return;
  if (acceptTerms) await putTerms(id, new Date().toISOString());
  else if (!(await termsRow(id))) {
    const details = { pack: id, terms: restricted.summary, url: restricted.url };
    throw new AppError('bad-request', `the terms of ${id} have to be accepted first`, details);
  }
}

/** From here on the disk knows of this revision. */
async function begin(pack: Pack, { trustChanged }: PackRequest): Promise<void> {
  const rows = await fileRows(pack.id, pack.revision);
  const trusted = rows.find(({ path }) => path === trustChanged);
  if (trustChanged && !trusted?.isWhole) await forgetFile(pack.id, pack.revision, trustChanged);
  const known = (await packRows(pack.id)).find((row) => row.pack.revision === pack.revision);
  await putPack({ pack, startedAt: known?.startedAt ?? new Date().toISOString() });
}
