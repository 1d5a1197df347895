import { HydraError } from '../../../shared/errors'
import { type ModelRecord, remoteServiceSchema } from '../../../shared/schemas/model'
import { findKey } from '../../pipeline/models/find-key'
import { openKeychain } from '../../pipeline/models/keychain'

/** Puts a key into the keychain, in the place of one of that name. */
export async function setKey(name: string, key: string, open = openKeychain): Promise<void> {
  const bare = key.trim()
  checkName(name)
  if (bare === '' || /\s/.test(bare)) {
    throw new HydraError('USAGE', {
      expected: 'a key on standard input, in one line',
      got: bare === '' ? 'nothing' : 'more than one word',
      remedy: 'Pipe the key in, or type it when asked.',
      command: `hydra keys set ${name}`,
    })
  }
  ;(await open()).write(name, bare)
}

/** @returns whether the keychain had one of that name */
export async function removeKey(name: string, open = openKeychain): Promise<boolean> {
  checkName(name)
  return (await open()).remove(name)
}

/** Of each key that an encoder of the workspace names, where it comes from; null: from nowhere. Never the key itself. */
export async function whereKeysAre(
  models: readonly ModelRecord[],
  environment: Parameters<typeof findKey>[1],
  open = openKeychain,
): Promise<{ name: string; from: 'environment' | 'keychain' | null }[]> {
  const names = models.flatMap(({ settings }) =>
    settings?.kind === 'remote' && settings.service.keyEnv !== null ? [settings.service.keyEnv] : [],
  )
  const unique = [...new Set(names)].sort()
  return Promise.all(
    unique.map(async (name) => ({ name, from: (await findKey(name, environment, open))?.from ?? null })),
  )
}

function checkName(name: string): void {
  if (remoteServiceSchema.shape.keyEnv.safeParse(name).success) return
  throw new HydraError('USAGE', {
    expected: 'the name of a key as --key-env has it: letters, digits and underscores',
    // It may be the key itself.
    got: 'something else',
    remedy: 'Give the name alone; the key is read from standard input.',
    command: 'hydra keys set NAME',
  })
}
