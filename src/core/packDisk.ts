/** What of model packs is on this computer's disk, and what may be asked of the store. */
import type { Pack } from './pack';

/** `outdated`: an older revision is whole and usable, the catalog names a newer one. */
export type PackState = 'absent' | 'partial' | 'ready' | 'outdated';

/** Whole on the disk, if not of the newest revision. */
export function isUsable({ state }: Pick<PackStatus, 'state'>): boolean {
  return state === 'ready' || state === 'outdated';
}

export interface PackStatus {
  /** As the catalog has it now; as stored for a pack that the catalog no longer names. */
  readonly pack: Pack;
  readonly state: PackState;
  /** This or another window is fetching, importing, checking or removing it. */
  readonly busy: boolean;
  /** On disk, of all its revisions. */
  readonly storedBytes: number;
  /** Still to fetch for the catalog's revision; an estimate while a size is approximate. */
  readonly missingBytes: number;
  /** Files that nobody had published a hash of: what came first was recorded, and is what later downloads must be. */
  readonly firstSeen: readonly FirstSeen[];
  /** ISO date-time; null: not accepted, or nothing to accept. */
  readonly termsAcceptedAt: string | null;
}

/** What a file was when it first came whole; chunks of a file with a published hash were checked against that. */
export interface FirstSeen {
  readonly path: string;
  readonly bytes: number;
  /** Host it came from, or `your files`. */
  readonly from: string;
  /** ISO date-time. */
  readonly at: string;
  readonly chunkBytes: number;
  readonly chunkSha256: readonly string[];
}

export interface PackRequest {
  readonly pack: string;
  /** Set by the click that accepted the terms shown. */
  readonly acceptTerms?: boolean;
  /** Address of a copy of the `models` folder, tried after all other sources: a file lies at `mirror/<pack id>/<path>`. */
  readonly mirror?: string;
  /** Path of the one file that may be another than the one first seen. */
  readonly trustChanged?: string;
}

/** A pack that is whole on disk, ready to be loaded. */
export interface OpenPack {
  readonly pack: Pack;
  /** By path. Handles: nothing is read until an engine reads it. */
  readonly files: Readonly<Record<string, Blob>>;
}

/** A file that a person hands in. */
export interface Upload {
  /** In the chosen folder, with slashes; of a single file its name. */
  readonly path: string;
  readonly file: Blob;
}

export interface ImportResult {
  /** Paths that were taken. */
  readonly taken: readonly string[];
  /** Paths of the pack that are still not on disk. */
  readonly missing: readonly string[];
  /** Files handed in that are none of the pack's, or not the right ones. */
  readonly refused: readonly { readonly name: string; readonly reason: ImportRefusal }[];
}

/** `ambiguous-name`: several files of the pack have that name, so the folder must tell which it is. */
export type ImportRefusal =
  | 'not-of-this-pack'
  | 'ambiguous-name'
  | 'wrong-size'
  | 'wrong-content'
  | 'unreadable';

/** A download or import may be followed by a `verify` of its own, where only the hash of a whole file is published. */
export type PackActivity = 'download' | 'import' | 'verify' | 'export' | 'remove';

/** What every window hears of a pack's work in any window. */
export interface PackNews {
  readonly pack: string;
  /** Null: that work has ended, well or badly; `status` tells. */
  readonly activity: PackActivity | null;
  /** Of `totalBytes`; what was on disk before counts as done. */
  readonly doneBytes: number;
  readonly totalBytes: number;
}

/** Weights that another library of the app keeps in a cache of its own. */
export interface OtherCache {
  readonly id: string;
  readonly title: string;
  readonly storedBytes: number;
}
