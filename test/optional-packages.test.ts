import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { expect, it } from 'vitest'
import { indexEngines } from '../src/main/engine/indexes/engines'
import { backends } from '../src/main/engine/training/backends'
import { KEYRING } from '../src/main/pipeline/models/keychain'

const textOf = (file: string) => readFileSync(resolve(import.meta.dirname, '..', file), 'utf8')

it('README installs what is optional by the commands that the workbench prints, in the versions of package.json', () => {
  const commands = [
    ...backends.flatMap(({ from }) => from?.command ?? []),
    ...indexEngines.flatMap(({ client }) => client?.command ?? []),
    KEYRING.command,
  ]
  const inReadme = [...textOf('README.md').matchAll(/^\|.*\| `(npm install [^`]+)` \|$/gm)].map(
    ([, command]) => command,
  )
  expect(inReadme.sort()).toEqual(commands.sort())
  const installed = commands.flatMap((command) =>
    command
      .split(' ')
      .slice(2)
      .filter((word) => !word.startsWith('--')),
  )
  const { peerDependencies } = JSON.parse(textOf('package.json'))
  expect(installed.sort()).toEqual(
    Object.entries(peerDependencies)
      .map(([name, version]) => `${name}@${version}`)
      .sort(),
  )
})
