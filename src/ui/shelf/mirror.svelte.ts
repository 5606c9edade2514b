const KEY = 'open-the-eyes:mirror';

/** Address of a copy of the models folder, remembered by this browser; empty: none. */
export class Mirror {
  address = $state(remembered());

  /** @returns what is wrong, in a sentence; empty when it was taken. */
  set(text: string): string {
    const address = text.trim();
    if (address && !isWebAddress(address))
      return 'This is not a web address. It begins with https:// or http://.';
    this.address = address.replace(/\/+$/, '');
    try {
      if (this.address) localStorage.setItem(KEY, this.address);
      else localStorage.removeItem(KEY);
    } catch {
      // Storage is refused to this page: the address holds until the page is left.
    }
    return '';
  }
}

function isWebAddress(text: string): boolean {
  return /^https?:\/\//i.test(text) && URL.canParse(text);
}

function remembered(): string {
  try {
    return localStorage.getItem(KEY) ?? '';
  } catch {
    return '';
  }
}
