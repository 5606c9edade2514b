/** Where unfinished paintings stand. They show faces, if blurred ones, so they do not stay for long. */
import { dropPaintingsBefore, type PaintingRow, paintingRow, putPainting } from './ledger';

/** What nobody came back for within a day goes. */
const KEPT_MS = 86_400_000;

export async function paintingState<T>(name: string): Promise<T | null> {
  return (await paintingRow<T>(name))?.state ?? null;
}

export function keepPainting<T>(name: string, state: T): Promise<void> {
  const row: PaintingRow<T> = { state, at: new Date().toISOString() };
  return putPainting(name, row);
}

/** @param nowMs epoch time */
export function sweepPaintings(nowMs = Date.now()): Promise<void> {
  return dropPaintingsBefore(new Date(nowMs - KEPT_MS).toISOString());
}
