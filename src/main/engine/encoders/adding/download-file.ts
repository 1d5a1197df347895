import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { open, rename, rm, stat } from 'node:fs/promises'
import { cancelled, HydraError, throwIfCancelled } from '../../../../shared/errors'
import { type Checksum, failed, type Hub, hubRequest, reasonOf } from './hub'

/** Connections in a row that bring nothing before the download is given up. */
const MOST_ATTEMPTS = 4
/** What is not whole yet. */
const PART = '.part'

/**
 * A file of the hub to `target`. What an earlier attempt left in `target.part` is gone on with by range, here and in the
 * next call alike; under its own name a file is whole and has the published checksum.
 */
export async function downloadFile(options: {
  readonly hub: Hub
  readonly url: string
  readonly bytes: number | null
  readonly checksum: Checksum | null
  readonly target: string
  readonly onBytes: (bytes: number) => void
  readonly signal: AbortSignal
}): Promise<void> {
  const { hub, url, bytes, target, onBytes, signal } = options
  if ((await sizeOf(target)) !== null) return onBytes((await sizeOf(target)) ?? 0)
  const part = target + PART
  let checksum = options.checksum
  for (let idle = 0; ; ) {
    throwIfCancelled(signal)
    const have = (await sizeOf(part)) ?? 0
    if (bytes !== null && have >= bytes) break
    const range: Record<string, string> = have > 0 ? { range: `bytes=${have}-` } : {}
    const { response, checksum: stated } = await hubRequest(hub, url, range, signal)
    checksum ??= stated
    // Whole already, where the listing had no size.
    if (response.status === 416) break
    const ended = await append(response, part, have, onBytes, signal)
    if (ended === 'whole' && bytes === null) break
    const got = (await sizeOf(part)) ?? 0
    if (bytes !== null && got >= bytes) break
    idle = got > have ? 0 : idle + 1
    if (idle < MOST_ATTEMPTS) continue
    throw failed(
      hub,
      url,
      bytes === null ? 'the whole file' : `${bytes} bytes`,
      `${got} bytes, then ${ended}`,
    )
  }
  const found = await hashesOf(part, checksum)
  if (bytes !== null && found.bytes !== bytes) {
    await rm(part, { force: true })
    throw corrupt(url, `${bytes} bytes`, `${found.bytes} bytes`)
  }
  if (checksum && found.hex !== checksum.hex) {
    await rm(part, { force: true })
    const name = checksum.kind === 'sha256' ? 'sha256' : 'git blob hash'
    throw corrupt(url, `${name} ${checksum.hex}`, `${name} ${found.hex}`)
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

async function hashesOf(path: string, checksum: Checksum | null): Promise<{ bytes: number; hex: string }> {
  const bytes = (await sizeOf(path)) ?? 0
  const hash = createHash(checksum?.kind === 'git' ? 'sha1' : 'sha256')
  if (checksum?.kind === 'git') hash.update(`blob ${bytes}\0`)
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(chunk)
  return { bytes, hex: hash.digest('hex') }
}

async function sizeOf(path: string): Promise<number | null> {
  return stat(path).then(
    ({ size }) => size,
    () => null,
  )
}

function corrupt(where: string, expected: string, got: string): HydraError {
  return new HydraError('MODEL_CORRUPT', {
    expected,
    got,
    remedy:
      'What was downloaded is thrown away. Run the same command again; if it stays so, the hub or a proxy alters the file.',
    where,
  })
}
