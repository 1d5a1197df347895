import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { recentFile, recentWorkspaces } from '../../../src/main/services/system/recent-workspaces'
import { temporaryFolder } from '../../temporary-folder'

it('workspaces that were opened are remembered, the last first, each once, and no more than eight', async () => {
  const recent = recentWorkspaces(join(await temporaryFolder(), 'new', 'workspaces.json'))
  expect(await recent.list()).toEqual([])
  for (const folder of 'abcdefghij') await recent.opened(`/${folder}`)
  await recent.opened('/h')
  expect(await recent.list()).toEqual(['/h', '/j', '/i', '/g', '/f', '/e', '/d', '/c'])
})

it('a file that cannot be read counts as nothing and is written anew', async () => {
  const file = join(await temporaryFolder(), 'workspaces.json')
  await writeFile(file, '{"version":1,"recent":"')
  const recent = recentWorkspaces(file)
  expect(await recent.list()).toEqual([])
  await recent.opened('/a')
  expect(await recent.list()).toEqual(['/a'])
})

it.each([
  ['linux', { XDG_CONFIG_HOME: '/c' }, '/c/hydra-workbench/workspaces.json'],
  ['win32', { APPDATA: '/d' }, '/d/hydra-workbench/workspaces.json'],
] as const)('lies where the platform keeps such things: %s', (platform, environment, file) => {
  expect(recentFile(environment, platform)).toBe(file)
})
