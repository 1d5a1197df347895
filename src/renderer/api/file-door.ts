import { type InjectionKey, inject } from 'vue'

/** A dataset as a person picked it: a zip, or the files of a folder by their paths, the folder's name first. */
export interface PickedDataset {
  readonly name: string
  readonly files: readonly { readonly path: string; readonly file: File }[]
}

/** How a file that a person picked comes to the host, which imports by path. */
export interface FileDoor {
  /** The path to import. @param onSent bytes sent so far; never called where nothing need be sent */
  pathOf(dataset: PickedDataset, onSent: (done: number) => void, signal: AbortSignal): Promise<string>
}

export const fileDoorKey: InjectionKey<FileDoor> = Symbol('file door')

export function useFileDoor(): FileDoor {
  return inject(fileDoorKey)!
}

/** Bytes of all its files. */
export function bytesOf({ files }: PickedDataset): number {
  return files.reduce((sum, { file }) => sum + file.size, 0)
}
