import { mkdir, rm, symlink, writeFile } from 'node:fs/promises'
import { request } from 'node:http'
import { join, resolve } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { onTestFinished } from 'vitest'
import { openWebHost } from '../../../src/main/hosts/web/web-host'
import { openWorkbench } from '../../../src/main/services/open-workbench'
import { bundleFixture } from '../../bundle-fixture'
import { temporaryFolder } from '../../temporary-folder'

const appRoot = resolve(import.meta.dirname, '..', '..', '..')

/** A file worth compressing. */
export const LARGE = Array.from({ length: 500 }, (_, line) => `export const line${line} = ${line}\n`).join('')

/** Bundled once a test file. */
let worker: Promise<string> | undefined

/** A web host of a workspace of its own, with a page, and a worker that does what the names of sources say. */
export async function openHost(root?: string, uploads: { readonly largest?: number } = {}) {
  root ??= await temporaryFolder()
  worker ??= bundleFixture('test/jobs/processes/fixture-worker.ts')
  const workerScript = await worker
  const pageRoot = join(root, 'page')
  await mkdir(join(pageRoot, 'assets'), { recursive: true })
  await writeFile(join(pageRoot, 'index.html'), '<!doctype html><title>Hydra</title>')
  await writeFile(join(pageRoot, 'assets', 'app-1a2b.js'), 'export {}')
  await writeFile(join(pageRoot, 'assets', 'large-3c4d.js'), LARGE)
  await writeFile(join(pageRoot, 'assets', 'picture-5e6f.png'), LARGE)
  await writeFile(join(root, 'secret.json'), '{}')
  await rm(join(pageRoot, 'link.json'), { force: true })
  await symlink(join(root, 'secret.json'), join(pageRoot, 'link.json'))
  const workspace = join(root, 'workspace')
  const workbench = await openWorkbench({
    workspace,
    appRoot,
    host: 'web',
    mode: 'write',
    now: () => new Date(),
    workerScript,
  })
  const host = await openWebHost({
    router: workbench.router,
    workspace,
    token: await workbench.webToken(),
    uploads: { folder: workbench.uploads, ...uploads },
    exportedFile: workbench.exportedFile,
    pageRoot,
    port: 0,
  })
  const close = async () => {
    await host.close()
    await workbench.close()
  }
  onTestFinished(close)
  return { host, workbench, workspace, pageRoot, close }
}

/** What the host answers, whatever its status. */
export function get(
  port: number,
  path: string,
  {
    body,
    ...options
  }: { method?: string; headers?: Record<string, string>; body?: string | Uint8Array } = {},
): Promise<{ status: number; headers: Record<string, unknown>; body: string; bytes: Buffer }> {
  return new Promise((done, failed) => {
    const asked = request({ host: '127.0.0.1', port, path, ...options }, async (response) => {
      const bytes = await buffer(response)
      done({ status: response.statusCode ?? 0, headers: response.headers, body: bytes.toString(), bytes })
    })
    asked.on('error', failed).end(body)
  })
}
