import { HydraError } from '../../../shared/errors'
import { isInstalled } from '../../engine/registry/installed-package'

/** What reaches the keychain; no dependency, since few have a service with a key. */
export const KEYRING = {
  name: '@napi-rs/keyring',
  command: 'npm install --no-save --save-prod --force @napi-rs/keyring@2.1.2',
}

/** Under which the keys of the workbench lie there. */
const SERVICE = 'hydra-workbench'
/** Of Linux: what the kernel keeps instead, where this service is missing, is gone when the machine starts again. */
const STORE = { linux: { store: 'secret-service' } }

/** What of the package is used. */
export interface Keyring {
  readonly Entry: new (
    service: string,
    name: string,
    options: typeof STORE,
  ) => {
    getPassword(): string | null
    setPassword(key: string): void
    deletePassword(): boolean
  }
}

/** The keychain of whoever is logged in: of macOS, Windows’ Credential Manager, the Secret Service of a Linux desktop. */
export interface Keychain {
  read(name: string): string | null
  write(name: string, key: string): void
  /** @returns whether there was one */
  remove(name: string): boolean
}

/**
 * @param load the package, where it is installed; else null
 * @throws KEYCHAIN_UNAVAILABLE here where the package is missing, and at each use where the machine has no keychain, or a locked one
 */
export async function openKeychain(load = loadKeyring): Promise<Keychain> {
  const keyring = await load()
  if (!keyring) {
    throw new HydraError('KEYCHAIN_UNAVAILABLE', {
      expected: `the package ${KEYRING.name}`,
      got: 'none of that name',
      remedy: 'Install it beside the workbench, or set the key in the environment.',
      command: KEYRING.command,
    })
  }
  const use = <T>(name: string, act: (entry: InstanceType<Keyring['Entry']>) => T): T => {
    try {
      return act(new keyring.Entry(SERVICE, name, STORE))
    } catch (thrown) {
      throw new HydraError('KEYCHAIN_UNAVAILABLE', {
        expected: 'a keychain of this system that is open',
        got: (thrown as Error).message,
        remedy: 'Log in to a desktop that has one, or set the key in the environment.',
      })
    }
  }
  return {
    read: (name) => use(name, (entry) => entry.getPassword()),
    write: (name, key) => use(name, (entry) => entry.setPassword(key)),
    remove: (name) => use(name, (entry) => entry.deletePassword()),
  }
}

async function loadKeyring(): Promise<Keyring | null> {
  return isInstalled(KEYRING.name) ? await import(/* @vite-ignore */ KEYRING.name) : null
}
