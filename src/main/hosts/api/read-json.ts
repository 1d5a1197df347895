import type { IncomingMessage } from 'node:http'
import { malformed, tooLarge } from './api-errors'

/**
 * A request's body, of so many bytes at most; what is longer is not read to its end.
 * @throws REQUEST_TOO_LARGE, or USAGE where it is no JSON
 */
export async function readJson(request: IncomingMessage, most: number): Promise<unknown> {
  const body = await new Promise<Buffer>((done, failed) => {
    const chunks: Buffer[] = []
    let bytes = 0
    const end = (act: () => void) => {
      request.off('data', take).off('end', finish).off('error', failed).off('close', cut)
      act()
    }
    const take = (chunk: Buffer) => {
      bytes += chunk.length
      chunks.push(chunk)
      if (bytes <= most) return
      request.pause()
      end(() => failed(tooLarge(most)))
    }
    const finish = () => end(() => done(Buffer.concat(chunks)))
    const cut = () => end(() => failed(malformed()))
    request.on('data', take).on('end', finish).on('error', failed).on('close', cut)
  })
  try {
    return JSON.parse(body.toString('utf8'))
  } catch {
    throw malformed()
  }
}
