/** Packs and states for tests; every number differs from every other. */
import type { Pack, PackFile } from '../../src/core/pack';
import type { FirstSeen, PackStatus } from '../../src/core/packDisk';

export function makeFile(path: string, bytes: number, rest: Partial<PackFile> = {}): PackFile {
  return {
    path,
    bytes,
    approximate: false,
    sha256: null,
    chunkBytes: 67_108_864,
    chunkSha256: null,
    ...rest,
  };
}

export function makePack(id: string, rest: Partial<Pack> = {}): Pack {
  return {
    id,
    title: `Pack ${id}`,
    purpose: `What ${id} is for.`,
    origin: 'download',
    licence: { id: 'MIT', url: `https://licence.example/${id}` },
    restricted: null,
    revision: '7',
    baseUrl: `https://weights.example/${id}/`,
    provenance: [],
    files: [makeFile('model.onnx', 377_000_000)],
    tensors: [],
    gpu: null,
    workingSetBytes: 1_640_000_000,
    ...rest,
  };
}

export function bytesOf(pack: Pack): number {
  return pack.files.reduce((sum, { bytes }) => sum + bytes, 0);
}

/** Absent, unless something else is said. */
export function makeStatus(pack: Pack, rest: Partial<PackStatus> = {}): PackStatus {
  return {
    pack,
    state: 'absent',
    busy: false,
    storedBytes: 0,
    missingBytes: bytesOf(pack),
    firstSeen: [],
    termsAcceptedAt: null,
    ...rest,
  };
}

export function makeReady(pack: Pack, rest: Partial<PackStatus> = {}): PackStatus {
  return makeStatus(pack, { state: 'ready', storedBytes: bytesOf(pack), missingBytes: 0, ...rest });
}

export function makePartial(pack: Pack, storedBytes: number): PackStatus {
  return makeStatus(pack, { state: 'partial', storedBytes, missingBytes: bytesOf(pack) - storedBytes });
}

export function makeFirstSeen(rest: Partial<FirstSeen> = {}): FirstSeen {
  return {
    path: 'model.onnx',
    bytes: 376_912_344,
    from: 'weights.example',
    at: '2026-11-03T09:15:00.000Z',
    chunkBytes: 67_108_864,
    chunkSha256: ['5f2c'.repeat(16), 'a91e'.repeat(16)],
    ...rest,
  };
}
