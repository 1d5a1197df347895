import type { PickedDataset } from '../../api/file-door'

/** What a dataset in BEIR layout is made of; whatever else lies beside it is not sent. */
const PART = /\.(zip|jsonl|tsv|json|gz)$/i
/** Folders below the one that was picked. */
const DEEPEST = 3

/** What was chosen in a dialog: zips, or a folder. */
export function fromInput(files: Iterable<File>): PickedDataset[] {
  const all = [...files].map((file) => ({ path: file.webkitRelativePath || file.name, file }))
  const folder = all.filter(({ path }) => path.includes('/') && isPart(path))
  const [first] = folder
  return [
    ...all
      .filter(({ path }) => !path.includes('/'))
      .map(({ path, file }) => ({ name: path, files: [{ path, file }] })),
    ...(first ? [{ name: first.path.split('/')[0], files: folder }] : []),
  ]
}

/** What was dropped: files, and folders with what is in them. */
export async function fromDrop(transfer: DataTransfer): Promise<PickedDataset[]> {
  // Both must be taken before the first pause: after it the list is empty. What no disk holds has no entry.
  const items = [...transfer.items].filter(({ kind }) => kind === 'file')
  const picked = items.map((item) => ({ entry: item.webkitGetAsEntry(), file: item.getAsFile() }))
  const datasets = picked.map(async ({ entry, file }): Promise<PickedDataset[]> => {
    if (entry) return [{ name: entry.name, files: await filesOf(entry, '', 0) }]
    return file ? fromInput([file]) : []
  })
  return (await Promise.all(datasets)).flat().filter(({ files }) => files.length > 0)
}

async function filesOf(
  entry: FileSystemEntry,
  folder: string,
  depth: number,
): Promise<PickedDataset['files'][number][]> {
  const path = `${folder}${entry.name}`
  if (entry.isFile) {
    const file = await new Promise<File>((found, failed) =>
      (entry as FileSystemFileEntry).file(found, failed),
    )
    // A single file is sent whatever it is, and refused as what it is.
    return depth === 0 || isPart(path) ? [{ path, file }] : []
  }
  if (depth > DEEPEST || entry.name.startsWith('.')) return []
  const reader = (entry as FileSystemDirectoryEntry).createReader()
  const found: PickedDataset['files'][number][] = []
  // A reader gives at most a hundred at a time.
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((read, failed) => reader.readEntries(read, failed))
    if (some.length === 0) return found
    for (const one of some) found.push(...(await filesOf(one, `${path}/`, depth + 1)))
  }
}

function isPart(path: string): boolean {
  const parts = path.split('/')
  return parts.length <= DEEPEST + 1 && parts.every((part) => !part.startsWith('.')) && PART.test(path)
}
