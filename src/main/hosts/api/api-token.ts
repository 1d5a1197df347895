import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { HydraError } from '../../../shared/errors'

/** Names the token, where no file does. */
const TOKEN_VARIABLE = 'HYDRA_API_TOKEN'
/** What a header can carry; shorter ones are guessed. */
const TOKEN = /^[\x21-\x7e]{16,512}$/
/** 256 bits. */
const DRAWN_BYTES = 32

/** What opens the service: out of a file or the environment, else drawn for this one start. */
export async function readApiToken(from: {
  readonly file: string | undefined
  readonly environment: Readonly<Record<string, string | undefined>>
}): Promise<{ readonly token: string; readonly drawn: boolean }> {
  const { file, environment } = from
  const given = file === undefined ? environment[TOKEN_VARIABLE] : await readTokenFile(file)
  if (given === undefined) return { token: randomBytes(DRAWN_BYTES).toString('base64url'), drawn: true }
  const token = given.trim()
  if (TOKEN.test(token)) return { token, drawn: false }
  throw new HydraError('USAGE', {
    expected: 'a token of 16 to 512 letters, digits and signs without a space',
    // Never the token itself.
    got: `one of ${token.length} characters in ${file ?? TOKEN_VARIABLE}`,
    remedy: 'Make a longer one, or leave it out: one is drawn and printed then.',
  })
}

async function readTokenFile(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new HydraError('FILE_MISSING', {
      expected: 'a readable file with the token',
      got: error.code === 'ENOENT' ? 'nothing of that name' : error.message,
      remedy: 'Check the path.',
      where: file,
    })
  })
}
