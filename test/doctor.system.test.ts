import { join } from 'node:path'
import { expect, it } from 'vitest'
import { commandLine } from './command-line'
import { copyModel, oddModel } from './engine/encoders/model-fixture'
import { temporaryFolder } from './temporary-folder'

it('doctor has loaded what it calls found, the first backend that works is chosen, and models say what runs them', async () => {
  const workspace = await temporaryFolder()
  await copyModel(oddModel('half'), join(workspace, 'models', 'half'))
  const { backends, models } = (await commandLine(workspace).json('doctor')) as {
    backends: { id: string; found: boolean; chosen: boolean; reason: string }[]
    models: object[]
  }
  expect(models).toMatchObject([
    { id: 'all-MiniLM-L6-v2', runner: { by: 'ONNX Runtime', why: null }, problem: null },
    { id: 'half', runner: { by: 'transformers.js', why: expect.stringContaining('half precision') } },
  ])
  const embedded = backends.filter(({ id }) => id === 'wasm' || id === 'cpu')
  expect(embedded.map(({ found, reason }) => [found, reason])).toEqual(
    Array(2).fill([true, 'embedded; loaded and checked']),
  )
  expect(backends.filter(({ chosen }) => chosen)).toEqual([backends.find(({ found }) => found)])
}, 60_000)
