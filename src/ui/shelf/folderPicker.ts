/** The browser's folder picker, where it has one that lets a page write. */

declare global {
  interface Window {
    showDirectoryPicker?: (options: {
      readonly id: string;
      readonly mode: 'readwrite';
    }) => Promise<FileSystemDirectoryHandle>;
  }
}

export function canPickFolder(): boolean {
  return window.showDirectoryPicker !== undefined;
}

/** Only within a click. @returns null when the person chose none. */
export async function pickFolder(): Promise<FileSystemDirectoryHandle | null> {
  try {
    return (await window.showDirectoryPicker?.({ id: 'models', mode: 'readwrite' })) ?? null;
  } catch {
    return null;
  }
}
