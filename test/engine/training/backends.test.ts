import { expect, it } from 'vitest'
import { chooseBackend, reportBackends } from '../../../src/main/engine/training/backends'

it('a backend that is not installed is BACKEND_UNAVAILABLE, with the command that installs it', async () => {
  const missing = (await reportBackends()).filter(({ found }) => !found)
  for (const { id, command } of missing) {
    await expect(chooseBackend(id)).rejects.toMatchObject({
      code: 'BACKEND_UNAVAILABLE',
      detail: { got: 'not installed', remedy: expect.stringContaining(command!) },
    })
  }
  // Two of CUDA and native TensorFlow; nobody has both.
  expect(missing.length).toBeGreaterThan(0)
})

it('a backend that there is not is OPTION_UNKNOWN', async () => {
  await expect(chooseBackend('abacus')).rejects.toMatchObject({ code: 'OPTION_UNKNOWN' })
})
