import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { listDatasets } from '../../../src/main/engine/datasets/dataset-record'
import { madeFamily } from '../../../src/main/engine/datasets/sources/made-family'
import type { SourceSpec } from '../../../src/main/engine/datasets/sources/source-spec'
import { importFrom } from '../../../src/main/pipeline/sources/import-source'
import type { JobEvent } from '../../../src/shared/schemas/job'
import { smallDataset, zipOf } from '../../engine/datasets/small-dataset'
import { smallFamily } from '../../engine/datasets/small-family'
import { madeContext } from '../../made-context'
import { temporaryFolder } from '../../temporary-folder'
import { startArchive } from './archive-server'
import { madeSource } from './made-source'

let workspace: string
let requests: string[]
const events: JobEvent[] = []

beforeEach(async () => {
  workspace = await temporaryFolder()
  events.length = 0
  for (const name of ['HTTP_PROXY', 'http_proxy', 'HTTPS_PROXY', 'https_proxy']) vi.stubEnv(name, '')
  onTestFinished(() => void vi.unstubAllEnvs())
})

/** Imports a source whose one file has the content given. */
async function importAs(content: Uint8Array, change: Partial<SourceSpec> = {}, request: object = {}) {
  const server = await startArchive({ 'small.zip': content })
  vi.stubEnv('BEIR_ENDPOINT', server.endpoint)
  requests = server.requests
  const context = madeContext(workspace, { emit: (event) => void events.push(event) })
  const source = madeSource(content, undefined, change)
  return importFrom(source, { source: source.name, seed: 1, replace: false, ...request }, context)
}

const said = () => events.flatMap((event) => (event.type === 'log' ? [event.message] : []))

describe('a source that is imported by name', () => {
  it('says its licence, and is a dataset under its own id', async () => {
    await importAs(zipOf(smallDataset()), { exclude: 'same-id' })
    expect(said()[0]).toContain('CC0-1.0')
    expect(events[0].type).toBe('log')
    const [record] = await listDatasets(join(workspace, 'datasets'))
    expect(record).toMatchObject({
      id: 'small',
      title: 'Small',
      licence: 'CC0-1.0',
      source: 'made/small, 1',
      exclude: 'same-id',
    })
    expect(existsSync(join(workspace, 'cache', 'sources', 'made-small'))).toBe(false)
  })

  it('may hold a family, which is imported as far as it is sound', async () => {
    const answer = await importAs(zipOf(smallFamily()), {}, { id: 'kinds' })
    expect(answer).toEqual({ imported: ['kinds._hidden', 'kinds.ports'], refused: ['broken'] })
  })

  it('may be made of its file', async () => {
    const corpus = (name: string) => ({
      name,
      card: { name, description: `find ${name}` },
      documents: ['the first', 'the second'],
      queries: Array.from({ length: 40 }, (_, i) => ({ text: `ask ${i}`, document: i % 2 })),
    })
    const make = async () => madeFamily('small', { licence: 'its own' }, [corpus('a'), corpus('b')])
    const { imported } = await importAs(Buffer.from('any'), { make })
    expect(imported).toEqual(['small.a', 'small.b'])
    const [a] = await listDatasets(join(workspace, 'datasets'))
    expect(a).toMatchObject({ family: 'small', licence: 'its own', documents: 2, queries: 40, title: 'a' })
    expect(Object.keys(a.splits).toSorted()).toEqual(['dev', 'test', 'train'])
  })

  it('is not fetched for an id that is taken, unless it takes the place', async () => {
    await importAs(zipOf(smallFamily()))
    const again = importAs(zipOf(smallFamily()))
    await expect(again).rejects.toMatchObject({ code: 'DATASET_EXISTS' })
    expect(requests).toEqual([])
    await importAs(zipOf(smallFamily()), {}, { replace: true })
    expect(requests).toHaveLength(1)
  })
})
