import { isInstalled } from '../../registry/installed-package'
import type { BackendSpec } from './backend'

/** What has to be installed before the backend can be tried. */
export function missingPackages(
  { from }: Pick<BackendSpec, 'from'>,
  isThere: (name: string) => boolean = isInstalled,
): string[] {
  return from?.packages.filter((name) => !isThere(name)) ?? []
}
