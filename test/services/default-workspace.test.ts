import { mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, it } from 'vitest'
import { defaultWorkspace } from '../../src/main/services/default-workspace'
import { temporaryFolder } from '../temporary-folder'

const home = '/home/ada'
const installed = { named: undefined, environment: {}, appRoot: '/usr/lib/hydra', home }

it.each([
  ['linux', {}, '/home/ada/.local/share/hydra-workbench/workspace'],
  ['linux', { XDG_DATA_HOME: '/data' }, '/data/hydra-workbench/workspace'],
  ['darwin', {}, '/home/ada/Library/Application Support/hydra-workbench/workspace'],
  ['win32', { LOCALAPPDATA: '/local' }, '/local/hydra-workbench/workspace'],
] as const)('is in the data folder of a person on %s, with %o', (platform, environment, folder) => {
  expect(defaultWorkspace({ ...installed, environment, platform })).toBe(join(folder))
})

it('is what an option names, else what the environment does', () => {
  const environment = { HYDRA_WORKSPACE: 'there' }
  expect(defaultWorkspace({ ...installed, environment, named: 'here' })).toBe(resolve('here'))
  expect(defaultWorkspace({ ...installed, environment })).toBe(resolve('there'))
})

it('is in the checkout that runs, and stays where an earlier version made it', async () => {
  const place = await temporaryFolder()
  mkdirSync(join(place, 'src'))
  expect(defaultWorkspace({ ...installed, appRoot: place })).toBe(join(place, 'workspace'))
  mkdirSync(join(place, 'hydra-workspace'))
  expect(defaultWorkspace({ ...installed, home: place })).toBe(join(place, 'hydra-workspace'))
})
