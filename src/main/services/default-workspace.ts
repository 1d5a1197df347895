import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { type Environment, personFolder } from './system/person-folder'

/**
 * Which folder is the workspace: `--workspace`, else HYDRA_WORKSPACE, else `workspace/` in the checkout that the program
 * runs from, else (an installed program, whose own folder is not for data) the one in the person's data folder.
 */
export function defaultWorkspace(options: {
  readonly named: string | undefined
  readonly environment: Environment
  readonly appRoot: string
  readonly platform?: NodeJS.Platform
  readonly home?: string
}): string {
  const { environment, appRoot, platform, home = homedir() } = options
  const named = options.named || environment.HYDRA_WORKSPACE
  if (named) return resolve(named)
  if (existsSync(join(appRoot, 'src'))) return join(appRoot, 'workspace')
  // Where 0.2 kept it.
  const earlier = join(home, 'hydra-workspace')
  if (existsSync(earlier)) return earlier
  return join(personFolder('data', environment, platform, home), 'workspace')
}
