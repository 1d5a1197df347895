import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'

/**
 * Which folder is the workspace: `--workspace`, else HYDRA_WORKSPACE, else `workspace/` in the checkout that the program
 * runs from, else (an installed application, whose own folder is not for data) `hydra-workspace` in the home folder.
 */
export function defaultWorkspace(options: {
  readonly named: string | undefined
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly appRoot: string
}): string {
  const named = options.named || options.environment.HYDRA_WORKSPACE
  if (named) return resolve(named)
  const isCheckout = existsSync(join(options.appRoot, 'src'))
  return isCheckout ? join(options.appRoot, 'workspace') : join(homedir(), 'hydra-workspace')
}
