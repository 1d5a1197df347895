import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { operationContext } from '../../../src/main/jobs/processes/operation-context'
import { createWarmEngine } from '../../../src/main/pipeline/playground/warm-engine'
import { DEFAULT_ENCODER } from '../../../src/shared/default-encoder'

it('reads and hashes a model once for each operation', async () => {
  const open = () =>
    operationContext(
      {
        workspace: join(tmpdir(), 'hydra-no-workspace'),
        appRoot: join(import.meta.dirname, '..', '..', '..'),
        signal: new AbortController().signal,
        pause: new AbortController().signal,
        emit: () => undefined,
      },
      createWarmEngine(),
    )
  const [one, other] = [open(), open()]
  const model = await one.resolveEncoder(DEFAULT_ENCODER)
  expect(await one.resolveEncoder(DEFAULT_ENCODER)).toBe(model)
  const again = await other.resolveEncoder(DEFAULT_ENCODER)
  expect(again).not.toBe(model)
  expect(again).toEqual(model)
})
