import { z } from 'zod'
import { cancelled, HydraError } from '../../../../shared/errors'
import type { Checksum } from '../../../files/checksum'
import { type Remote, reasonOf, withoutSecrets } from '../../../files/download-file'

/** A model hub that speaks Hugging Face's protocol, and how it is reached. */
export interface Hub {
  /** Without a slash at its end. */
  readonly endpoint: string
  /** Sent to the endpoint alone, never to where it redirects to, and never shown. */
  readonly token: string | undefined
  readonly fetch: typeof fetch
}

export interface HubFile {
  readonly path: string
  readonly bytes: number | null
  /** What the content is held to: sha256 of a large file, git's blob hash of a small one. */
  readonly checksum: Checksum | null
}

const listingSchema = z.object({
  sha: z.string(),
  siblings: z.array(
    z.object({
      rfilename: z.string(),
      size: z.number().nullish(),
      blobId: z.string().nullish(),
      lfs: z.object({ sha256: z.string(), size: z.number() }).partial().nullish(),
    }),
  ),
})

const MOST_REDIRECTS = 5

/** The hub as a place to download from. */
export function hubRemote(hub: Hub): Remote {
  return {
    request: (address, headers, signal) => hubRequest(hub, address, headers, signal),
    failed: (address, expected, got) => failed(hub, address, expected, got),
    corrupt: (where, expected, got) =>
      new HydraError('MODEL_CORRUPT', {
        expected,
        got,
        remedy:
          'What was downloaded is thrown away. Run the same command again; if it stays so, the hub or a proxy alters the file.',
        where,
      }),
  }
}

/** All files of a model at one commit, with what the hub publishes of their checksums. */
export async function listHubFiles(
  hub: Hub,
  id: string,
  revision: string,
  signal: AbortSignal,
): Promise<{ commit: string; files: HubFile[] }> {
  const url = `${hub.endpoint}/api/models/${id}/revision/${encodeURIComponent(revision)}?blobs=true`
  const { response } = await hubRequest(hub, url, {}, signal)
  const body = await response.json().catch((cause: unknown) => {
    throw signal.aborted ? cancelled() : failed(hub, url, 'a listing in JSON', (cause as Error).message)
  })
  const parsed = listingSchema.safeParse(body)
  if (!parsed.success) throw failed(hub, url, 'a listing of the model’s files', 'something else')
  const { sha, siblings } = parsed.data
  const files = siblings.map(({ rfilename, size, blobId, lfs }) => ({
    path: rfilename,
    bytes: lfs?.size ?? size ?? null,
    checksum: checksumOf(lfs?.sha256) ?? (lfs ? null : checksumOf(blobId)),
  }))
  return { commit: sha, files }
}

/** A checksum as the hub writes it, in a listing or in an ETag: 64 digits are a sha256, 40 a git blob's hash. */
function checksumOf(text: string | null | undefined): Checksum | null {
  const hex = text?.replace(/^W\//, '').replaceAll('"', '') ?? ''
  if (/^[0-9a-f]{64}$/.test(hex)) return { kind: 'sha256', hex }
  return /^[0-9a-f]{40}$/.test(hex) ? { kind: 'git', hex } : null
}

export function fileAddress(hub: Hub, id: string, commit: string, path: string): string {
  return `${hub.endpoint}/${id}/resolve/${commit}/${path.split('/').map(encodeURIComponent).join('/')}`
}

/**
 * One GET, redirects followed by hand: the hub states a file's checksum in the redirect to its storage, and the token must
 * not go there. Answers 2xx and 416 (a range past the end); anything else is thrown.
 */
async function hubRequest(
  hub: Hub,
  url: string,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<{ response: Response; checksum: Checksum | null }> {
  const home = new URL(hub.endpoint).origin
  let checksum: Checksum | null = null
  let address = url
  for (let hop = 0; hop <= MOST_REDIRECTS; hop++) {
    const authorization: Record<string, string> =
      hub.token && new URL(address).origin === home ? { authorization: `Bearer ${hub.token}` } : {}
    const response = await hub
      .fetch(address, {
        headers: { 'accept-encoding': 'identity', ...headers, ...authorization },
        redirect: 'manual',
        signal,
      })
      .catch((cause: unknown) => {
        throw signal.aborted ? cancelled() : failed(hub, address, 'an answer', reasonOf(cause), cause)
      })
    checksum ??= checksumOf(response.headers.get('x-linked-etag'))
    const location = response.status >= 300 && response.status < 400 ? response.headers.get('location') : null
    if (location !== null) {
      await response.body?.cancel()
      address = new URL(location, address).href
      continue
    }
    if (response.ok || response.status === 416) {
      checksum ??= hop === 0 ? checksumOf(response.headers.get('etag')) : null
      return { response, checksum }
    }
    await response.body?.cancel()
    throw refused(hub, address, response.status)
  }
  throw failed(hub, url, `at most ${MOST_REDIRECTS} redirects`, 'more')
}

/** @param got never anything that may hold a secret */
function failed(hub: Hub, url: string, expected: string, got: string, cause?: unknown): HydraError {
  const elsewhere = hub.endpoint === DEFAULT_ENDPOINT ? ', or set HF_ENDPOINT to a mirror' : ''
  return new HydraError(
    'DOWNLOAD_FAILED',
    {
      expected,
      got,
      remedy: `Check the connection${elsewhere} (HTTPS_PROXY is honoured), then run the same command again: it goes on where it stopped.`,
      where: withoutSecrets(url),
    },
    { cause: cause instanceof Error && hub.token === undefined ? cause : undefined },
  )
}

export const DEFAULT_ENDPOINT = 'https://huggingface.co'

function refused(hub: Hub, url: string, status: number): HydraError {
  const locked = status === 401 || status === 403
  const remedy = locked
    ? hub.token
      ? 'The token in HF_TOKEN may not read it: check the name, accept the model’s terms on its page, or use another token.'
      : 'Check the name. A model that is private or has terms to accept needs a token in HF_TOKEN.'
    : status === 404
      ? 'Check the name and the revision: ORG/NAME or ORG/NAME@REVISION.'
      : 'Try again later: it goes on where it stopped.'
  return new HydraError('DOWNLOAD_FAILED', {
    expected: 'the hub to give the file',
    got: `HTTP ${status}`,
    remedy,
    where: withoutSecrets(url),
  })
}
