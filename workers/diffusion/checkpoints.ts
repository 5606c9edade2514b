/** Where variations stand, kept on the disk while they are painted: a lost device or a closed page costs one step. */
import type { PaintFace, PaintVariation } from '../../src/core/painting';
import { sha256 } from '../../src/models/sha256';
import type { DenoisingState } from './denoise';

export interface CheckpointMemory {
  /** Null: nothing is known by that key. */
  get(key: string): Promise<DenoisingState | null>;
  put(key: string, state: DenoisingState): Promise<void>;
  drop(keys: readonly string[]): Promise<void>;
}

/** Of what the app itself does to a picture before it is painted, and in its steps: another number, other latents. */
const REVISION = 1;

/**
 * Everything that the latents depend on. The prompts' and the picture's values are in it, not where they came from: the
 * same photo goes on after a reload.
 * @param models revisions of the packs. @param part of the run: base or refiner.
 */
export async function checkpointKey(
  models: readonly string[],
  { picture, area, eyes, iris, yawRad, settings }: PaintFace,
  variation: PaintVariation,
  part: string,
): Promise<string> {
  const words = JSON.stringify([
    REVISION,
    models,
    part,
    area,
    eyes,
    iris,
    yawRad,
    settings,
    variation,
    picture.width,
  ]);
  const text = new TextEncoder().encode(words);
  const bytes = new Uint8Array(text.length + picture.data.length);
  bytes.set(text);
  bytes.set(picture.data, text.length);
  return await sha256(bytes);
}
