/** Model packs, as a catalog describes them. */
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

/** Where a shipped file's weights come from: a pinned package and the file inside it, or a training of our own. */
export interface Provenance {
  readonly path: string;
  readonly licence: string;
  /** File with the licence's own notice, when it asks for one. */
  readonly notice: string | null;
  /** `own:FOLDER`: what that folder of the repository trained. `notice` credits what it learned from. */
  readonly package: string;
  /** Of an own training: network and step. */
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
