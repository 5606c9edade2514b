import { commands } from 'vitest/browser';

declare module 'vitest/browser' {
  interface BrowserCommands {
    readShared(name: string): Promise<string | null>;
  }
}

export const NOT_HERE = '../shared/photos is not here';

/** A photo of ../shared/photos as a person would drop it; null where that folder is not there. */
export async function sharedPhoto(name: string): Promise<File | null> {
  const text = await commands.readShared(name);
  if (text === null) return null;
  // No MIME type: the worker must not believe one anyway.
  return new File([Uint8Array.from(atob(text), (character) => character.charCodeAt(0))], name);
}
