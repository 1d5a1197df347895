import { closeSync, openSync, readSync } from 'node:fs'

/** A file that stays open as long as anything can still read it: one that is replaced or deleted is read to the end as it was. */
export interface HeldFile {
  /** Fills `bytes` with what lies from byte `begin` on. */
  read(begin: number, bytes: Uint8Array): void
}

/** An open file goes when nothing refers to it any more: what is read from them is many, and nobody disposes of it. */
const forgotten = new FinalizationRegistry((file: number) => closeSync(file))

export function holdFile(path: string): HeldFile {
  const file = openSync(path, 'r')
  const held: HeldFile = {
    read(begin, bytes) {
      let got = 0
      while (got < bytes.length) {
        const count = readSync(file, bytes, got, bytes.length - got, begin + got)
        if (count === 0) throw new RangeError(`${path} has no byte ${begin + got}`)
        got += count
      }
    },
  }
  forgotten.register(held, file)
  return held
}
