import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { drawExemplars } from '../../../src/main/engine/datasets/exemplars'
import { importBeir } from '../../../src/main/engine/datasets/importing/import-beir'
import { loadCollection } from '../../../src/main/engine/datasets/load-collection'
import { listTasks } from '../../../src/main/engine/datasets/tasks'
import { drawExamples } from '../../../src/main/pipeline/cards/draw-examples'
import { drawExamplesSchema } from '../../../src/shared/schemas/authoring'
import { writeFolder } from '../../engine/datasets/small-dataset'
import { cleanDataset, TEST, TRAIN, wordVectors } from '../../engine/protocol/made-dataset'
import { madeContext } from '../../made-context'
import { temporaryFolder } from '../../temporary-folder'

async function made() {
  const workspace = await temporaryFolder()
  const source = writeFolder(join(workspace, 'source'), cleanDataset())
  await importBeir({ source, id: 'made', workspace, now: () => new Date(0) })
  const context = madeContext(workspace, {
    openEncoder: async () => ({
      id: 'words',
      sha256: '',
      fingerprint: '',
      dimensions: wordVectors(['word1']).columns,
      encode: async (texts) => wordVectors(texts),
      dispose: async () => {},
    }),
  })
  const draw = async (how: object) =>
    drawExamples.run(drawExamplesSchema.parse({ task: 'made', by: 'random', ...how }), context)
  return { draw, workspace }
}
const ids = (drawn: { examples: { queryId?: string | undefined }[] }) =>
  drawn.examples.map(({ queryId }) => queryId)

describe('draw-examples', () => {
  it('draws in the order in which evaluation shows them, by seed', async () => {
    const { draw, workspace } = await made()
    const collection = await loadCollection(join(workspace, 'datasets', 'made'), join(workspace, 'none'), 1)
    const [task] = listTasks(collection)
    for (const seed of [1, 2]) {
      const drawn = drawExemplars(task, 6, seed)
      expect(ids(await draw({ seed, most: 6 }))).toEqual(
        Array.from(drawn.queries, (row) => collection.queries.ids[row]),
      )
    }
    // The smallest of sha1('1' + id), as any other program finds them.
    expect(ids(await draw({ seed: 1, most: 4 }))).toEqual(['train23', 'train24', 'train37', 'train6'])
  })

  it('never offers anything of dev or test', async () => {
    const { draw } = await made()
    const all = await draw({ most: 64 })
    expect(new Set(ids(all))).toEqual(new Set(TRAIN.map(({ _id }) => _id)))
    expect([all.train, all.dev, all.test]).toEqual([40, 10, 40])
    expect(ids(await draw({ by: 'search', text: TEST[0].text }))).toEqual([])
  })

  it('searches query and document for every word', async () => {
    const { draw } = await made()
    const [first, second] = TRAIN[5].text.split(' ')
    const found = ids(await draw({ by: 'search', text: `${second.toUpperCase()} ${first}` }))
    expect(found).toContain('train5')
    expect(found.length).toBeLessThan(40)
  })

  it('leaves out what the card shows, and draws diverse ones away from it', async () => {
    const { draw } = await made()
    const [shown] = TRAIN
    const random = ids(await draw({ shown: [shown.text], most: 64 }))
    expect(random).toHaveLength(39)
    expect(random).not.toContain(shown._id)
    const diverse = ids(await draw({ by: 'diverse', shown: [shown.text], most: 3 }))
    expect(diverse).toEqual(ids(await draw({ by: 'diverse', shown: [shown.text], most: 5 })).slice(0, 3))
    expect(new Set(diverse).size).toBe(3)
  })
})
