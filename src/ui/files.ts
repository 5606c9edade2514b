/** Files out of drops, pastes and folders. */

/** Every file of a drop, folders walked in name order. Must be called before the event handler returns. */
export async function filesOfDrop(data: DataTransfer): Promise<readonly File[]> {
  const entries = [...data.items].map((item) => item.webkitGetAsEntry());
  const plain = [...data.files];
  if (!entries.some((entry) => entry?.isDirectory)) return plain;
  const nested = await Promise.all(entries.map((entry) => (entry ? filesOf(entry) : [])));
  return nested.flat();
}

async function filesOf(entry: FileSystemEntry): Promise<readonly File[]> {
  if (entry.isFile) {
    return [
      await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject)),
    ];
  }
  const children = await childrenOf((entry as FileSystemDirectoryEntry).createReader());
  const visible = children.filter(({ name }) => !name.startsWith('.'));
  visible.sort((a, b) => a.name.localeCompare(b.name, undefined, { numeric: true }));
  return (await Promise.all(visible.map(filesOf))).flat();
}

/** A reader hands out its entries in portions; an empty one is the last. */
async function childrenOf(reader: FileSystemDirectoryReader): Promise<FileSystemEntry[]> {
  const all: FileSystemEntry[] = [];
  for (;;) {
    const portion = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    );
    if (!portion.length) return all;
    all.push(...portion);
  }
}
