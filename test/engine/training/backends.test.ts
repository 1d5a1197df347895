import { describe, expect, it } from 'vitest'
import {
  BACKENDS,
  backendFailure,
  chooseBackend,
  reportBackends,
} from '../../../src/main/engine/training/backends'

const [gpu, native, ...embedded] = BACKENDS.map(({ id }) => id)

describe('what Doctor says of the backends', () => {
  it('a package that throws when it is loaded is neither found nor chosen, and the reason is its own', async () => {
    const report = await reportBackends(
      async (id) =>
        id === gpu
          ? 'it runs, but it found no CUDA device'
          : id === native
            ? 'cannot open libtensorflow'
            : null,
      () => true,
    )
    const seen = report.map(({ id, found, chosen }) => [id, found, chosen])
    expect(seen).toEqual([
      [gpu, false, false],
      [native, false, false],
      [embedded[0], true, true],
      [embedded[1], true, false],
    ])
    expect(report[0].reason).toContain('no CUDA device')
    expect(report[1].reason).toContain('cannot open libtensorflow')
    expect(report.map(({ command }) => command !== null)).toEqual([true, true, false, false])
  })

  it('loads what is there and nothing else; the first that works is chosen', async () => {
    const tried: string[] = []
    const report = await reportBackends(
      async (id) => {
        tried.push(id)
        return null
      },
      (name) => name.endsWith('/tfjs-node'),
    )
    expect(tried).toEqual([native, ...embedded])
    expect(report.filter(({ chosen }) => chosen).map(({ id }) => id)).toEqual([native])
    expect(report[0]).toMatchObject({ found: false, reason: 'not installed' })
  })

  it('embedded backends work', async () => {
    for (const id of embedded) expect(await backendFailure(id)).toBeNull()
    await expect(backendFailure('abacus')).rejects.toMatchObject({ code: 'OPTION_UNKNOWN' })
  })
})

it('a backend that is not installed is BACKEND_UNAVAILABLE, with the command that installs it', async () => {
  const missing = (await reportBackends(backendFailure)).filter(({ found }) => !found)
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
