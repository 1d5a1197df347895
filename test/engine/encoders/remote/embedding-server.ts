import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'

export const WIDTH = 6

/** A vector of unit length that only the letters of the text decide. */
export function vectorOf(text: string): number[] {
  const sums = new Array<number>(WIDTH).fill(0)
  for (const [i, letter] of [...text].entries()) sums[(i + text.length) % WIDTH] += letter.codePointAt(0) ?? 0
  const length = Math.hypot(...sums)
  return sums.map((value) => value / length)
}

interface Asked {
  readonly path: string
  readonly authorization: string | undefined
  // biome-ignore lint/suspicious/noExplicitAny: as it came over the line
  readonly body: any
  readonly texts: readonly string[]
}

/** Answers in place of the server, or lets it answer by returning false. */
export type Fault = (asked: Asked, response: ServerResponse) => boolean | Promise<boolean>

/** A service that speaks both protocols, and does wrong what a test says. */
export async function startEmbeddingServer(fault: Fault = () => false) {
  const asked: Asked[] = []
  const faulty = { fault, vector: vectorOf }
  let open = 0
  let most = 0
  const server = createServer(
    (request, response) => void answer(request, response).catch(() => response.destroy()),
  )

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    most = Math.max(most, ++open)
    response.once('close', () => open--)
    const parts: Buffer[] = []
    for await (const part of request) parts.push(part)
    const body = JSON.parse(Buffer.concat(parts).toString())
    const path = request.url ?? ''
    const texts: string[] = body.inputs ?? body.input
    const one = { path, authorization: request.headers.authorization, body, texts }
    asked.push(one)
    if (await faulty.fault(one, response)) return
    sendVectors(response, path, texts.map(faulty.vector), body.encoding_format)
  }

  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    asked,
    faulty,
    get mostAtOnce() {
      return most
    },
  }
}

export function sendVectors(
  response: ServerResponse,
  path: string,
  vectors: readonly number[][],
  form = 'float',
): void {
  const packed = (vector: number[]) =>
    form === 'base64' ? Buffer.from(Float32Array.from(vector).buffer).toString('base64') : vector
  // Not in their order, which `index` gives.
  const data = vectors
    .map((vector, index) => ({ object: 'embedding', index, embedding: packed(vector) }))
    .reverse()
  sendJson(response, 200, path.endsWith('/embed') ? vectors : { object: 'list', data })
}

export function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): true {
  response.writeHead(status, { 'content-type': 'application/json', ...headers })
  response.end(typeof body === 'string' ? body : JSON.stringify(body))
  return true
}
