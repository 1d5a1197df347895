import { join } from 'node:path'
import { workspacePaths } from '../workspace/paths'

/** Where encoders are sought: those that came with the application, then the workspace's own. */
export function modelRoots(places: { readonly appRoot: string; readonly workspace: string }): string[] {
  return [join(places.appRoot, 'resources', 'models'), workspacePaths(places.workspace).models]
}
