import { HydraError } from '../../../shared/errors'
import { isInstalled } from '../registry/installed-package'

/** An optional package, loaded now. @param command by which it is installed */
export async function loadClient<Client>(name: string, command: string): Promise<Client> {
  if (!isInstalled(name)) {
    throw new HydraError('INDEX_CLIENT_MISSING', {
      expected: `the package ${name}`,
      got: 'none of that name',
      remedy: 'Install it beside the workbench, or choose another engine.',
      command,
    })
  }
  return (await import(/* @vite-ignore */ name)) as Client
}
