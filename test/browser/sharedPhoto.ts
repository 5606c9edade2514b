import { commands } from 'vitest/browser';
import type { ClipFiles } from '../../workers/diffusion/tokenizer';

declare module 'vitest/browser' {
  interface BrowserCommands {
    readShared(
      folder: 'photos' | 'models' | 'models/clip' | 'webllm-standin',
      name: string,
    ): Promise<string | null>;
  }
}

export const NOT_HERE = '../shared is not here';

/** A photo of ../shared/photos as a person would drop it; null where that folder is not there. */
export async function sharedPhoto(name: string): Promise<File | null> {
  const bytes = await shared('photos', name);
  // No MIME type: the worker must not believe one anyway.
  return bytes && new File([bytes], name);
}

/** A file of ../shared/models; null where that folder is not there. */
export function sharedModel(name: string): Promise<Uint8Array<ArrayBuffer> | null> {
  return shared('models', name);
}

/** CLIP's vocabulary; null where ../shared is not there. */
export async function sharedClip(): Promise<ClipFiles | null> {
  const [vocabulary, merges] = await Promise.all(
    ['vocab.json', 'merges.txt'].map((name) => shared('models/clip', name)),
  );
  if (!vocabulary || !merges) return null;
  const text = (bytes: Uint8Array<ArrayBuffer>) => new TextDecoder().decode(bytes);
  return { vocabulary: JSON.parse(text(vocabulary)), merges: text(merges) };
}

/** The stand-in for a compiled model of WebLLM's, a JavaScript module; null where ../shared is not there. */
export function sharedStandIn(): Promise<Uint8Array<ArrayBuffer> | null> {
  return shared('webllm-standin', 'faketvm.js');
}

async function shared(
  folder: 'photos' | 'models' | 'models/clip' | 'webllm-standin',
  name: string,
): Promise<Uint8Array<ArrayBuffer> | null> {
  const text = await commands.readShared(folder, name);
  return text === null ? null : Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}
