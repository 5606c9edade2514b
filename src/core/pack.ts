/** Model packs: what the catalog says of them, and what the store holds of them. */
import type { CheckedOperator } from './gpu';

export interface Licence {
  /** SPDX where there is one. */
  readonly id: string;
  readonly url: string;
}

/** What a person must accept before the first byte is fetched. */
export interface Terms {
  /** One sentence that says what the licence does not allow. */
  readonly summary: string;
  readonly url: string;
}

/** Where a shipped file's weights come from: a pinned package and the file inside it. */
export interface Provenance {
  readonly path: string;
  readonly licence: string;
  /** File with the licence's own notice, when it asks for one. */
  readonly notice: string | null;
  readonly package: string;
  readonly version: string;
  readonly file: string;
  readonly sourceSha256: string;
  readonly about: string;
}

export interface PackFile {
  /** Below the pack's own folder. */
  readonly path: string;
  readonly bytes: number;
  /** True where only a rounded size is published: the first download records the real one. */
  readonly approximate: boolean;
  /** Of the whole file; null where unpublished. */
  readonly sha256: string | null;
  readonly chunkBytes: number;
  /** Of each chunk of `chunkBytes` (the last may be shorter); null where unpublished: the first download records them. */
  readonly chunkSha256: readonly string[] | null;
}

/** A named dimension is free. */
export interface TensorSpec {
  readonly name: string;
  /** As onnxruntime names it: `float32`, `float16`, `int64` … */
  readonly type: string;
  readonly dims: readonly (number | string)[];
}

export interface GraphSpec {
  readonly path: string;
  readonly inputs: readonly TensorSpec[];
  readonly outputs: readonly TensorSpec[];
}

export interface GpuNeeds {
  /** False: it runs without a GPU too, slower. */
  readonly required: boolean;
  /** WebGPU feature names. */
  readonly features: readonly string[];
  /** Largest single buffer. */
  readonly bufferBytes: number;
  /** Operators of the self-check that its graphs use. */
  readonly operators: readonly CheckedOperator[];
}

/**
 * `shipped`: part of the app. `download`: fetched when asked for. `self-hosted`: has to be converted first;
 * a `pack.json` (a catalog entry) beside its files says what they are.
 */
export type PackOrigin = 'shipped' | 'download' | 'self-hosted';

export interface Pack {
  readonly id: string;
  readonly title: string;
  /** One sentence: what it is for. */
  readonly purpose: string;
  readonly origin: PackOrigin;
  readonly licence: Licence;
  /** Null: nothing to accept. */
  readonly restricted: Terms | null;
  readonly revision: string;
  /** Ends with a slash; a file lies at `baseUrl + path`. Null: only the app's own origin and mirrors. */
  readonly baseUrl: string | null;
  /** Of shipped files; empty for others. */
  readonly provenance: readonly Provenance[];
  /** Empty only for a self-hosted pack whose `pack.json` has not been seen. */
  readonly files: readonly PackFile[];
  /** Graphs whose inputs and outputs are known and checked. */
  readonly tensors: readonly GraphSpec[];
  /** Null: needs no GPU and gains nothing from one. */
  readonly gpu: GpuNeeds | null;
  /** Memory while it runs, on the GPU if it runs there. */
  readonly workingSetBytes: number;
}

/** `outdated`: an older revision is whole and usable, the catalog names a newer one. */
export type PackState = 'absent' | 'partial' | 'ready' | 'outdated';

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
  /** Take a changed file in place of the one first seen. */
  readonly trustChanged?: boolean;
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

export type ImportRefusal = 'not-of-this-pack' | 'wrong-size' | 'wrong-content' | 'unreadable';

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
