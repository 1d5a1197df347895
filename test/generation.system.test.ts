import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Commands, commandLine } from './command-line'
import { HEADER, jsonl, writeFolder } from './engine/datasets/small-dataset'
import { makeGenerator } from './engine/generation/tiny-generator'
import { largestOfSecond, makePairModel } from './engine/teachers/made-pair-model'

/** Queries that a model writes, from its folder to a trained network, on the real engine. */
const TREES = ['oak', 'ash', 'elm', 'fir', 'yew', 'birch', 'cedar', 'maple', 'willow', 'larch']
/** Of these no query says which document it is of. */
const COMMON = ['tree', 'wood', 'leaves']

let folder: string
let commands: Commands

describe('generated queries', { timeout: 240_000 }, () => {
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'hydra-generation-'))
    commands = commandLine(join(folder, 'workspace'))
    // Judged in its test alone: there is nothing to train on.
    const source = writeFolder(join(folder, 'trees'), {
      'corpus.jsonl': jsonl([
        ...TREES.map((tree) => ({ _id: tree, text: `The ${tree} is a tree` })),
        { _id: 'any', text: 'The tree has leaves, the leaves a tree' },
      ]),
      'queries.jsonl': jsonl(
        TREES.map((tree) => ({ _id: `${tree}-test`, text: `what the ${tree} is good for` })),
      ),
      'qrels/test.tsv': HEADER + TREES.map((tree) => `${tree}-test\t${tree}\t1\n`).join(''),
    })
    await commands.json('datasets', 'import', source)
    await makePairModel(join(folder, 'workspace', 'models', 'largest'), largestOfSecond)
  })
  afterAll(() => rm(folder, { recursive: true }))

  it('need a model that was added, which the list tells from encoders', async () => {
    const { json, refusal, hydra } = commands
    const writer = await makeGenerator(join(folder, 'writer'), 'seq2seq', [...TREES, ...COMMON])
    expect(await refusal('datasets', 'queries', 'trees', '--model', 'writer')).toBe('MODEL_MISSING')
    const added = await json('models', 'add', writer)
    expect(added).toMatchObject({
      id: 'writer',
      use: 'generator',
      settings: { kind: 'seq2seq', weights: 'fp32' },
    })
    expect((await hydra('models', 'list')).stdout).toContain('seq2seq generator')
    expect(await refusal('datasets', 'queries', 'trees', '--model', 'all-MiniLM-L6-v2')).toBe(
      'MODEL_UNSUPPORTED',
    )
  })

  it('are looked at with what each filter makes of them', async () => {
    const asked = ['datasets', 'queries', 'trees', '--model', 'writer', '--count', '33', '--round-trip', '1']
    const { queries, documents } = await commands.json(...asked)
    expect(documents).toBe(11)
    const kept = queries.filter((one: { dropped: string | null }) => one.dropped === null)
    // A query that names its tree finds it first; of “tree” alone many documents speak.
    for (const { query, document, rank } of kept) {
      expect(rank).toBe(1)
      if (document !== 'any') expect(query).toContain(document)
    }
    expect(kept.length).toBeGreaterThan(5)
    expect(queries.some((one: { dropped: string | null }) => one.dropped === 'not found')).toBe(true)
    const read = await commands.json(...asked, '--by', 'dense', '--reranker', 'largest', '--margin', '1')
    const margins = read.queries.filter((one: { margin: number | null }) => one.margin !== null)
    expect(margins.length).toBeGreaterThan(0)
    for (const { margin, dropped } of margins) expect(dropped).toBe(margin < 1 ? 'margin' : null)
    // Written once, whatever is made of them: nothing new came into the cache.
    const cache = join(folder, 'workspace', 'cache', 'queries')
    expect(await readdir(cache)).toHaveLength(1)
    expect((await commands.hydra(...asked)).stdout).toContain('--set queries=generated')
  })

  it('train a network where nobody judged anything to train on', async () => {
    const train = ['train', '--tasks', 'trees', '--rows', 'frozen,task card', '--steps', '4']
    expect(await commands.refusal(...train)).toBe('TASK_UNUSABLE')
    const generated = ['--set', 'queries=generated']
    expect(await commands.refusal(...train, ...generated)).toBe('USAGE')
    const { run } = await commands.json(...train, ...generated, '--set', 'generated.model=writer')
    const place = join(folder, 'workspace', 'runs', run)
    const record = JSON.parse(await readFile(join(place, 'run.json'), 'utf8'))
    expect(record.recipe).toMatchObject({
      queries: 'generated',
      descriptionOnly: 1,
      generated: { model: 'writer', perDocument: 3, roundTrip: 10, roundTripBy: 'bm25' },
    })
    expect(record.notes.some((note: string) => note.includes('writer wrote'))).toBe(true)
    const written = JSON.parse(await readFile(join(place, 'generated', 'trees.json'), 'utf8'))
    expect(written.queries.length).toBeGreaterThan(10)
    // What asks in a run stays, without the cache and the model: it is scored again.
    await rm(join(folder, 'workspace', 'cache', 'queries'), { recursive: true })
    await commands.json('models', 'remove', 'writer')
    await commands.json('evaluate', run)
  })
})
