/** The app's files, and which of them an address means. */

/** As the build lists it. */
export interface AppFile {
  /** Below the app's root, without a slash before it. */
  readonly path: string;
  readonly sha256: string;
  /** Changes with the content and with the headers. */
  readonly revision: string;
}

/**
 * @param own address of the app's folder, with a slash at its end
 * @returns the path below it, `index.html` for the page itself; null: another place
 */
export function pathOf(address: string, own: string): string | null {
  const { origin, pathname } = new URL(address);
  const root = new URL(own);
  if (origin !== root.origin || !pathname.startsWith(root.pathname)) return null;
  return pathname.slice(root.pathname.length) || 'index.html';
}
