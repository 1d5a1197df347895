import { open, rename, rm, stat } from 'node:fs/promises'
import { cancelled, type HydraError, throwIfCancelled } from '../../shared/errors'
import { type Checksum, checksumOfFile, checksumWords } from './checksum'

/** Connections in a row that bring nothing before the download is given up. */
const MOST_ATTEMPTS = 4
/** What is not whole yet. */
const PART = '.part'

/** Where files are downloaded from, and how it speaks of what goes wrong. */
export interface Remote {
  /** One GET, redirects followed. Answers 2xx and 416 (a range past the end), with the checksum that came along; anything else is thrown. */
  request(
    address: string,
    headers: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): Promise<{ response: Response; checksum: Checksum | null }>
  /** The connection gave less than was expected; what came is kept. */
  failed(address: string, expected: string, got: string): HydraError
  /** Another file came than was published; it is thrown away. */
  corrupt(address: string, expected: string, got: string): HydraError
}

/**
 * A file to `target`. What an earlier attempt left in `target.part` is gone on with by range, here and in the next call
 * alike; under its own name a file is whole and has the published checksum.
 */
export async function downloadFile(options: {
  readonly remote: Remote
  readonly address: string
  readonly bytes: number | null
  readonly checksum: Checksum | null
  readonly target: string
  readonly onBytes: (bytes: number) => void
  readonly signal: AbortSignal
}): Promise<void> {
  const { remote, address, bytes, target, onBytes, signal } = options
  if ((await sizeOf(target)) !== null) return onBytes((await sizeOf(target)) ?? 0)
  const part = target + PART
  let checksum = options.checksum
  for (let idle = 0; ; ) {
    throwIfCancelled(signal)
    const have = (await sizeOf(part)) ?? 0
    if (bytes !== null && have >= bytes) break
    const range: Record<string, string> = have > 0 ? { range: `bytes=${have}-` } : {}
    const { response, checksum: stated } = await remote.request(address, range, signal)
    checksum ??= stated
    // Whole already, where the listing had no size.
    if (response.status === 416) break
    const ended = await append(response, part, have, onBytes, signal)
    if (ended === 'whole' && bytes === null) break
    const got = (await sizeOf(part)) ?? 0
    if (bytes !== null && got >= bytes) break
    idle = got > have ? 0 : idle + 1
    if (idle < MOST_ATTEMPTS) continue
    throw remote.failed(
      address,
      bytes === null ? 'the whole file' : `${bytes} bytes`,
      `${got} bytes, then ${ended}`,
    )
  }
  const found = await checksumOfFile(part, checksum?.kind ?? 'sha256')
  if (bytes !== null && found.bytes !== bytes) {
    await rm(part, { force: true })
    throw remote.corrupt(address, `${bytes} bytes`, `${found.bytes} bytes`)
  }
  if (checksum && found.hex !== checksum.hex) {
    await rm(part, { force: true })
    throw remote.corrupt(address, checksumWords(checksum), checksumWords(found))
  }
  await rename(part, target)
}

/** Writes an answer behind what is there, or over it where the server sends the whole. Gives `whole` or why it broke off. */
async function append(
  response: Response,
  part: string,
  have: number,
  onBytes: (bytes: number) => void,
  signal: AbortSignal,
): Promise<string> {
  const goesOn =
    response.status === 206 && response.headers.get('content-range')?.startsWith(`bytes ${have}-`)
  const file = await open(part, goesOn ? 'a' : 'w')
  let written = goesOn ? have : 0
  try {
    const chunks = response.body?.[Symbol.asyncIterator]()
    for (;;) {
      // Only the connection's faults are caught here: a full disk is no reason to ask again.
      const next = await chunks?.next().catch((cause: unknown) => {
        if (signal.aborted) throw cancelled()
        return { done: true as const, value: reasonOf(cause) }
      })
      if (!next || next.done) return typeof next?.value === 'string' ? next.value : 'whole'
      await file.writeFile(next.value)
      written += next.value.length
      onBytes(written)
    }
  } finally {
    await file.close()
  }
}

/** Why a request failed, in the system's word (`ECONNREFUSED`): messages may quote a proxy with its password. */
export function reasonOf(cause: unknown): string {
  for (let error = cause; error instanceof Error; error = error.cause) {
    if ('code' in error && typeof error.code === 'string') return error.code
  }
  return 'no connection'
}

/** An address as it may be shown: storage addresses are signed in their query, and any may hold a password. */
export function withoutSecrets(address: string): string {
  const { origin, pathname } = new URL(address)
  return origin + pathname
}

async function sizeOf(path: string): Promise<number | null> {
  return stat(path).then(
    ({ size }) => size,
    () => null,
  )
}
