import { isAbsolute, join, relative, sep } from 'node:path'
import { workspacePaths } from '../../workspace/paths'

/** A file that a browser sent lies in a folder of its own, which is needed no more once it was read. */
export function uploadOf(source: string, workspace: string): { folder: string; name: string } | null {
  const { uploads } = workspacePaths(workspace)
  const [folder, ...rest] = relative(uploads, source).split(sep)
  const isInside = folder !== '' && folder !== '..' && rest.length > 0 && !isAbsolute(folder)
  return isInside ? { folder: join(uploads, folder), name: rest.join('/') } : null
}
