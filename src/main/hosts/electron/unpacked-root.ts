import { sep } from 'node:path'

/**
 * Where the application's files lie as files. An installed application is one archive (`app.asar`), which this process reads
 * like a folder; worker processes and native code cannot, so what they need is unpacked beside it (electron-builder.ts).
 */
export function unpackedRoot(appRoot: string): string {
  const archive = `${sep}app.asar`
  return appRoot.endsWith(archive) ? `${appRoot}.unpacked` : appRoot
}
