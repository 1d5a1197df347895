import { realpath, stat } from 'node:fs/promises'
import { extname, join, resolve, sep } from 'node:path'

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
}

/** A file of the built window, or null: whatever is not below `root`, is no file, or is of a kind that a page needs not. */
export async function findPageFile(
  root: string,
  urlPath: string,
): Promise<{ path: string; type: string } | null> {
  let decoded: string
  try {
    decoded = decodeURIComponent(urlPath)
  } catch {
    return null
  }
  if (decoded.includes('\0')) return null
  const asked = resolve(join(root, decoded === '/' ? 'index.html' : decoded))
  const type = TYPES[extname(asked)]
  if (!type) return null
  try {
    // Links are followed before the comparison: one that leads out is not served.
    const [path, home] = await Promise.all([realpath(asked), realpath(root)])
    if (!path.startsWith(home + sep) || !(await stat(path)).isFile()) return null
    return { path, type }
  } catch {
    return null
  }
}
