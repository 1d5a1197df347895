import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { HEADLINE_MEASURES } from '../src/shared/ladder'
import type { Verdict } from '../src/shared/schemas/verdict'
import { commandLine } from './command-line'

/**
 * Frozen all-MiniLM-L6-v2 in int8 on the test splits: queries, then nDCG@10, MRR@10 and Recall@100 as an independent
 * implementation measured them on a CPU with VNNI.
 */
const FIGURES: Readonly<Record<string, readonly [queries: number, ...figures: number[]]>> = {
  scifact: [300, 0.6501, 0.6118, 0.9233],
  nfcorpus: [323, 0.3158, 0.5118, 0.3089],
  nl2bash: [1175, 0.5147, 0.4733, 0.8132],
  metatool: [2051, 0.6862, 0.6404, 0.979],
  cisi: [76, 0.4371, 0.6325, 0.4731],
  cranfield: [225, 0.3733, 0.5375, 0.7779],
  csfcube: [50, 0.503, 0.865, 0.703],
  'medical-question-pairs': [1524, 0.9444, 0.9296, 1],
  cosqa: [500, 0.5863, 0.5218, 0.982],
  'climate-fever-evidence': [1061, 0.3692, 0.4253, 0.8229],
  arguana: [1406, 0.5011, 0.4134, 0.978],
  'movies-ltr': [1627, 0.7597, 0.7816, 0.9442],
}
/** int8 vectors differ a little between kinds of CPU; few queries show it more. */
const tolerance = (queries: number) => (queries >= 300 ? 0.004 : 0.02)

/** Short texts, encoded in seconds on two idle cores; the others hold long documents, or thousands. */
const QUICK = ['metatool', 'medical-question-pairs']

const datasets = resolve('../shared/datasets')
const here = existsSync(datasets)
/** Set: all twelve, in a workspace that stays, so that only the first time has texts to encode. */
const keeps = Boolean(process.env.HYDRA_TEST_CACHE)
const chosen = keeps ? Object.keys(FIGURES) : QUICK
if (!here) console.log(`skipped: real collections are not at ${datasets}`)
else if (!keeps)
  console.log(
    `the frozen figures of ${QUICK.length} of 12 collections; HYDRA_TEST_CACHE=1 for all, half an hour on a busy machine the first time and a minute or two from then on`,
  )

describe.skipIf(!here)('the frozen encoder on real collections, by one command', { timeout: 60_000 }, () => {
  let workspace: string
  let verdict: Verdict

  beforeAll(async () => {
    workspace = keeps ? keptWorkspace() : await mkdtemp(join(tmpdir(), 'hydra-frozen-'))
    // Of what was kept only vectors count, and they are found by their texts.
    for (const part of ['datasets', 'runs']) await rm(join(workspace, part), { recursive: true, force: true })
    const { json } = commandLine(workspace)
    for (const id of chosen) await json('datasets', 'import', join(datasets, `${id}.zip`))
    verdict = await json('evaluate', '--frozen', '--tasks', 'all', '--rows', 'frozen')
    console.log(frozenTable(verdict))
  }, 45 * 60_000)
  afterAll(() => (keeps ? undefined : rm(workspace, { recursive: true, force: true })))

  it('is measured on every one of them', () => {
    expect([...verdict.tasks].sort()).toEqual([...chosen].sort())
  })

  it.each(chosen)('reaches on %s what was measured independently', (id) => {
    const [queries, ...figures] = FIGURES[id]
    const { n, measures } = frozenTasks(verdict)[id]
    expect(n).toBe(queries)
    HEADLINE_MEASURES.forEach((measure, i) => {
      expect(Math.abs(measures[measure].value - figures[i]), measure).toBeLessThanOrEqual(tolerance(queries))
    })
  })
})

function frozenTasks({ rows }: Verdict) {
  return rows.find(({ row, bm25 }) => row === 'frozen' && !bm25)!.tasks!
}

function frozenTable(verdict: Verdict): string {
  const lines = Object.entries(frozenTasks(verdict)).map(([id, { n, measures }]) =>
    [
      id.padEnd(24),
      String(n).padStart(5),
      ...HEADLINE_MEASURES.map((m) => measures[m].value.toFixed(4)),
    ].join('  '),
  )
  return [`frozen: ${HEADLINE_MEASURES.join(', ')}`, ...lines].join('\n')
}

/** In the folder for temporary files, by the encoder's own bytes. */
function keptWorkspace(): string {
  const model = resolve('resources/models/all-MiniLM-L6-v2/onnx/model_quantized.onnx')
  const hash = createHash('sha256').update(readFileSync(model)).digest('hex')
  return join(tmpdir(), `hydra-frozen-figures-${hash.slice(0, 12)}`)
}
