import { createWriteStream } from 'node:fs'
import { mkdir, rm, rmdir } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { dirname, join } from 'node:path'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { HydraError } from '../../../shared/errors'
import { LINE_PATH } from './serve-session'

/** Below the line's path, since the cookie goes nowhere else. */
export const UPLOAD_PATH = `${LINE_PATH}/upload`

export interface UploadPlace {
  readonly folder: string
  /** Of one file, bytes. */
  readonly largest?: number
}

/** As much as a zip may unpack to. */
const LARGEST = 4 * 2 ** 30
/** Drawn by the page for each dataset that it sends: a zip alone, or the files of a folder. */
const BATCH = /^[0-9a-f]{16}$/
/** What a dataset is made of; nothing else is taken. */
const ENDING = /\.(zip|jsonl|tsv|json|gz)$/i
/** No separator, no control character, no leading dot. */
const NAME = /^[^./\\\p{Cc}][^/\\\p{Cc}]{0,199}$/u
const DEEPEST = 4
/** How every zip begins, an empty one too. */
const ZIP = ['PK\x03\x04', 'PK\x05\x06', 'PK\x07\x08']
const ZIP_HEAD = 4

/**
 * `POST /rpc/upload/<batch>/<path>`: a file that a person dropped on the page of a browser, which does not say where it lies.
 * Streamed into `<folder>/<batch>/<path>`; answers the path to import. What is refused or cut off leaves nothing behind.
 * Whoever calls has checked Host, Origin and key.
 */
export async function receiveUpload(
  request: IncomingMessage,
  response: ServerResponse,
  { folder, largest = LARGEST }: UploadPlace,
  headers: Readonly<Record<string, string>>,
): Promise<void> {
  const answer = (status: number, body: object) => {
    const type = { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' }
    // What was not read of a refused body is not worth reading.
    const line = status < 400 ? {} : { connection: 'close' }
    response.writeHead(status, { ...headers, ...type, ...line }).end(JSON.stringify(body))
  }
  const place = readPlace(request.url ?? '')
  const bytes = Number(request.headers['content-length'])
  if (!place) return answer(400, refused('a .zip, .jsonl, .tsv, .json or .gz file', 'another name'))
  if (!(bytes >= 0)) return answer(411, refused('a file whose length is said', 'one without'))
  if (bytes > largest) return answer(413, refused(`at most ${words(largest)}`, words(bytes)))
  const path = join(folder, place.batch, ...place.parts)
  await mkdir(dirname(path), { recursive: true })
  try {
    const check = checked({ isZip: /\.zip$/i.test(path), bytes })
    await pipeline(request, check, createWriteStream(path, { flags: 'wx' }))
  } catch (error) {
    const isTaken = (error as NodeJS.ErrnoException).code === 'EEXIST'
    if (!isTaken) await rm(path, { force: true })
    await rmdir(dirname(path)).catch(() => undefined)
    if (error instanceof HydraError) return answer(415, error)
    if (isTaken) return answer(409, refused('a file that was not sent yet', place.parts.join('/')))
    throw error
  }
  answer(201, { source: join(folder, place.batch, place.parts[0]) })
}

function readPlace(url: string): { batch: string; parts: readonly string[] } | null {
  let segments: string[]
  try {
    segments = url
      .slice(UPLOAD_PATH.length + 1)
      .split('/')
      .map(decodeURIComponent)
  } catch {
    return null
  }
  const [batch, ...parts] = segments
  const isSafe = parts.length > 0 && parts.length <= DEEPEST && parts.every((part) => NAME.test(part))
  return BATCH.test(batch) && isSafe && ENDING.test(parts[parts.length - 1]) ? { batch, parts } : null
}

/** Lets a body through that begins as its name says and is as long as was said. */
function checked({ isZip, bytes }: { readonly isZip: boolean; readonly bytes: number }): Transform {
  let head = ''
  let read = 0
  return new Transform({
    transform(chunk: Buffer, _, done) {
      read += chunk.length
      if (isZip && head.length < ZIP_HEAD) {
        head += chunk.toString('latin1', 0, ZIP_HEAD - head.length)
        if (!ZIP.some((begin) => begin.startsWith(head))) return done(notZip())
      }
      done(null, chunk)
    },
    flush(done) {
      if (isZip && head.length < ZIP_HEAD) return done(notZip())
      done(read < bytes ? new Error(`${read} of ${bytes} bytes came`) : null)
    },
  })
}

function notZip(): HydraError {
  return new HydraError('ZIP_INVALID', {
    expected: 'a zip',
    got: 'a file that does not begin as one',
    remedy: 'Download it again, or unpack it yourself and drop the folder.',
  })
}

function refused(expected: string, got: string): HydraError {
  return new HydraError('UPLOAD_REFUSED', {
    expected,
    got,
    remedy: 'Put the dataset on the machine that runs the workbench and name its path.',
  })
}

function words(bytes: number): string {
  return bytes >= 2 ** 30 ? `${(bytes / 2 ** 30).toFixed(1)} GiB` : `${(bytes / 2 ** 20).toFixed(1)} MiB`
}
