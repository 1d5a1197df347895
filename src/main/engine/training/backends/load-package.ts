import { createRequire } from 'node:module'
import { BackendRefused } from '../../registry/refusal'

const packages = createRequire(import.meta.url)

/** What an optional package exports. Throws `no-library` where it is there, but a library that it needs is not. */
export function loadPackage<T>(name: string): T {
  try {
    return packages(name) as T
  } catch (thrown) {
    throw noLibrary(name, thrown)
  }
}

/** The same of a package that is only to be imported. */
export async function importPackage<T>(name: string): Promise<T> {
  try {
    return (await import(/* @vite-ignore */ name)) as T
  } catch (thrown) {
    throw noLibrary(name, thrown)
  }
}

function noLibrary(name: string, thrown: unknown): BackendRefused {
  const message = thrown instanceof Error ? thrown.message.split('\n')[0] : String(thrown)
  return new BackendRefused('no-library', `${name} does not load: ${message}`)
}
