import { cancelled, HydraError } from '../../../shared/errors'
import type { Channel } from '../../engine/datasets/sources/source-spec'
import { type Remote, reasonOf, withoutSecrets } from '../../files/download-file'
import type { Environment } from '../fetch-through'

/** Where BEIR keeps its collections (Thakur et al. 2021). */
const BEIR_ARCHIVE = 'https://public.ukp.informatik.tu-darmstadt.de/thakur/BEIR/datasets'

/** The address of a file of BEIR's archive, or of a mirror that BEIR_ENDPOINT names. @throws USAGE */
export function beirAddress({ path }: Extract<Channel, { kind: 'beir' }>, environment: Environment): string {
  const endpoint = (environment.BEIR_ENDPOINT || BEIR_ARCHIVE).replace(/\/+$/, '')
  if (/^https?:\/\/[^/]/.test(endpoint) && URL.canParse(endpoint)) return `${endpoint}/${path}`
  // What was set is not repeated: an address may hold a password.
  throw new HydraError('USAGE', {
    expected: `BEIR_ENDPOINT as the address of a mirror of ${BEIR_ARCHIVE}`,
    got: 'something that is none',
    remedy: 'Correct it, or unset it for the archive itself.',
  })
}

/** An archive of files that anybody may fetch. @param byHand how a person brings the file instead */
export function publishedRemote(
  fetch: typeof globalThis.fetch,
  byHand: { readonly remedy: string; readonly command: string },
): Remote {
  const failed = (address: string, expected: string, got: string, cause?: unknown) =>
    new HydraError(
      'DOWNLOAD_FAILED',
      {
        expected,
        got,
        remedy: `Check the connection (HTTPS_PROXY and BEIR_ENDPOINT are honoured) and import it again: it goes on where it stopped. ${byHand.remedy}`,
        command: byHand.command,
        where: withoutSecrets(address),
      },
      { cause },
    )
  return {
    async request(address, headers, signal) {
      const response = await fetch(address, {
        headers: { 'accept-encoding': 'identity', ...headers },
        signal,
      }).catch((cause: unknown) => {
        throw signal.aborted ? cancelled() : failed(address, 'an answer', reasonOf(cause), cause)
      })
      if (response.ok || response.status === 416) return { response, checksum: null }
      await response.body?.cancel()
      throw failed(address, 'the archive to give the file', `HTTP ${response.status}`)
    },
    failed,
    corrupt: (address, expected, got) => otherFile(withoutSecrets(address), expected, got, byHand),
  }
}

/** What came is thrown away, since nothing says what it is. */
export function otherFile(
  where: string,
  expected: string,
  got: string,
  { remedy, command }: { readonly remedy: string; readonly command: string },
): HydraError {
  return new HydraError('SOURCE_CORRUPT', {
    expected,
    got,
    remedy: `What came is thrown away. Import it again; if it stays so, the archive or a proxy alters the file. ${remedy}`,
    command,
    where,
  })
}
