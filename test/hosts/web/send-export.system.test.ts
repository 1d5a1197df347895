import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { get, openHost } from './open-host'

it('sends an exported file to a page with the key, and nothing else of the workspace to anybody', async () => {
  const { host, workspace } = await openHost()
  const exports = join(workspace, 'runs', 'r1', 'exports')
  await mkdir(exports, { recursive: true })
  await writeFile(join(exports, 'a-head.safetensors'), 'a head')
  await writeFile(join(workspace, 'runs', 'r1', 'run.json'), '{}')
  const origin = `http://127.0.0.1:${host.port}`
  const own = { host: `127.0.0.1:${host.port}`, origin, authorization: `Bearer ${host.token}` }
  const ask = (path: string, headers: Record<string, string> = own, method = 'POST') =>
    get(host.port, path, { method, headers })

  const head = await ask('/rpc/export/r1/a-head.safetensors')
  expect([head.status, head.body]).toEqual([200, 'a head'])
  expect(head.headers['content-disposition']).toContain('a-head.safetensors')
  expect(head.headers['x-content-type-options']).toBe('nosniff')

  const { authorization: _, ...bare } = own
  expect((await ask('/rpc/export/r1/a-head.safetensors', bare)).status).toBe(401)
  expect(
    (await ask('/rpc/export/r1/a-head.safetensors', { ...own, origin: 'http://evil.example' })).status,
  ).toBe(403)
  expect((await ask('/rpc/export/r1/a-head.safetensors', { ...own, host: 'evil.example' })).status).toBe(421)
  expect((await ask('/rpc/export/r1/a-head.safetensors', own, 'GET')).body).not.toBe('a head')
  for (const path of [
    'r1/gone',
    'r1',
    'r1/..%2Frun.json',
    'r1/%2e%2e/run.json',
    '..%2Fr1/a',
    '%ff/a',
    'r1/exports',
  ])
    expect((await ask(`/rpc/export/${path}`)).status).toBe(404)
})
