import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { importBeir } from '../../../src/main/engine/datasets/importing/import-beir'
import type { Encoder } from '../../../src/main/engine/encoders/encoder'
import { createMatrix } from '../../../src/main/engine/numeric/matrix'
import type { OperationContext } from '../../../src/main/pipeline/operation'
import { createWarmEngine } from '../../../src/main/pipeline/playground/warm-engine'
import { workspacePaths } from '../../../src/main/workspace/paths'
import { smallDataset, writeFolder } from '../../engine/datasets/small-dataset'
import { madeContext } from '../../made-context'
import { temporaryFolder } from '../../temporary-folder'

it('leaves an encoder open under the request that uses it, however many others are opened meanwhile', async () => {
  const warm = createWarmEngine()
  const disposed: string[] = []
  const never = () => Promise.reject(new Error('not in this test'))
  const request = (): OperationContext => ({
    workspace: '/nowhere',
    appRoot: '/nowhere',
    signal: new AbortController().signal,
    pause: new AbortController().signal,
    warm,
    emit: () => {},
    now: () => new Date(0),
    resolveEncoder: never,
    runProgram: never,
    openPairScorer: never,
    openGenerator: never,
    fork: never,
    openEncoder: async (id): Promise<Encoder> => ({
      id,
      sha256: '',
      fingerprint: '',
      dimensions: 1,
      encode: async (texts) => {
        if (disposed.includes(id)) throw new Error(`${id} was disposed`)
        return createMatrix(texts.length, 1)
      },
      dispose: async () => {
        disposed.push(id)
      },
    }),
  })

  const slow = request()
  const encoder = await warm.encoder('first', slow)
  for (let i = 0; i < 8; i++) {
    const quick = request()
    await (await warm.encoder(`other ${i}`, quick)).encode(['a'])
    warm.release(quick)
  }
  expect(disposed).toEqual(['other 0', 'other 1', 'other 2', 'other 3'])
  expect((await encoder.encode(['a text'])).rows).toBe(1)
  warm.release(slow)
  await expect.poll(() => disposed).toContain('first')
})

it('closes the heads of a card when they are evicted and no request has them', async () => {
  const warm = createWarmEngine()
  const closed: number[] = []
  const request = () => madeContext('/nowhere', { warm })
  const hold = (context: OperationContext, card: number) =>
    warm.heldCard(context, [], `card ${card}`, async () => ({
      score: async () => new Float32Array(1),
      dispose: async () => {
        closed.push(card)
      },
    }))
  const slow = request()
  await hold(slow, 0)
  for (let card = 1; card < 7; card++) {
    const quick = request()
    await hold(quick, card)
    warm.release(quick)
  }
  // Four stay for whoever comes next; the first one is in use.
  await expect.poll(() => closed).toEqual([1, 2])
  warm.release(slow)
  await expect.poll(() => closed).toEqual([1, 2, 0])
})

it('opens a dataset anew that was removed, or imported in the place of another', async () => {
  const workspace = await temporaryFolder()
  const context = madeContext(workspace, { warm: createWarmEngine() })
  const opened = () => context.warm.collection('small', 1, context)
  const source = join(workspace, 'source', 'small')
  const now = () => new Date(0)
  await importBeir({ source: writeFolder(source, smallDataset()), workspace, now })
  expect(await opened()).toBe(await opened())
  const files = smallDataset()
  files['corpus.jsonl'] = files['corpus.jsonl'].replace('ships', 'boats')
  await importBeir({ source: writeFolder(source, files), replace: true, workspace, now })
  expect([...(await opened()).documents.texts].join()).toContain('boats')
  await rm(workspacePaths(workspace).dataset('small'), { recursive: true })
  await expect(opened()).rejects.toMatchObject({ code: 'DATASET_UNKNOWN' })
})
