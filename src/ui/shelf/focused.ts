/** Attachment: what has just been shown is where the keyboard and the reader are. */
export function focused(element: HTMLElement): void {
  element.focus();
}
