import { expect, it } from 'vitest'
import { commandLine } from './command-line'
import { temporaryFolder } from './temporary-folder'

it('doctor has loaded what it calls found; the first backend that works is chosen', async () => {
  const { backends } = (await commandLine(await temporaryFolder()).json('doctor')) as {
    backends: { id: string; found: boolean; chosen: boolean; reason: string }[]
  }
  const embedded = backends.filter(({ id }) => id === 'wasm' || id === 'cpu')
  expect(embedded.map(({ found, reason }) => [found, reason])).toEqual(
    Array(2).fill([true, 'embedded; loaded and checked']),
  )
  expect(backends.filter(({ chosen }) => chosen)).toEqual([backends.find(({ found }) => found)])
}, 60_000)
