import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { sentenceTransformers } from '../../../src/main/engine/exporting/formats/sentence-transformers'
import type { HeadPair } from '../../../src/main/engine/exporting/head-file'
import { madeMaterial, randomHead } from './made-material'

interface RecordedRun {
  readonly modules: readonly string[]
  /** Of a Router; empty where queries and documents share a head, and with it the modules. */
  readonly routes: readonly string[]
  /** Texts. */
  readonly probes: number
  readonly parts: readonly { readonly part: string; readonly difference: number; readonly ranks: number }[]
  readonly script: string
  readonly snippet: string
  readonly versions: Readonly<Record<string, string | null>>
  readonly ranBy: string
  readonly ranAt: string
}

const ROOT = resolve(import.meta.dirname, '../../..')
/** What test/oracle/sentence_transformers_exports.py found: real folders, loaded by sentence-transformers. */
const recorded: readonly RecordedRun[] = JSON.parse(
  readFileSync(resolve(ROOT, 'test/fixtures/sentence-transformers.json'), 'utf8'),
)
const CERTIFY = readFileSync(resolve(ROOT, 'src/main/engine/exporting/formats/certify.py'))
const included = (run: RecordedRun) => run.modules[0] === 'Transformer'

describe('sentence-transformers, as it was really run', () => {
  it('loaded all kinds of folders: heads of one side, of each and of both, encoder included and named', () => {
    const kinds = recorded.map((run) => {
      const head = [...run.modules, ...run.routes].includes('LayerNorm') ? 'normed' : 'plain'
      return `${included(run) ? 'included' : 'named'}, ${head}, ${run.routes.length > 0 ? 'routed' : 'shared'}`
    })
    const heads = ['plain, routed', 'normed, routed', 'normed, shared']
    expect(new Set(kinds)).toEqual(new Set(heads.flatMap((head) => [`included, ${head}`, `named, ${head}`])))
  })

  it.each(
    recorded.map(
      (run) => [`${run.versions['sentence-transformers']} ${run.modules} ${run.routes}`, run] as const,
    ),
  )('%s: gave the engine’s vectors, by the script as it ships', (_, run) => {
    expect(run.script).toBe(createHash('sha256').update(CERTIFY).digest('hex'))
    expect(run.probes).toBe(64)
    expect(run.parts.map(({ part }) => part)).toEqual(
      included(run) ? ['head, as modules', 'encoder and head'] : ['head, as modules'],
    )
    for (const { difference } of run.parts) expect(difference).toBeLessThan(1e-5)
    expect(run.ranBy && Date.parse(run.ranAt)).toBeGreaterThan(0)
  })

  it.each(
    recorded.map(
      (run) => [`${run.versions['sentence-transformers']} ${run.modules} ${run.routes}`, run] as const,
    ),
  )('%s: ran the snippet that a README has', async (_, run) => {
    const ofDocuments = run.routes.filter((kind) => kind === 'Dense').length - 1
    const make = (d: number): HeadPair => {
      const head = randomHead(d, d, 1, run.modules.includes('LayerNorm'))
      const documents = run.routes.length === 0 ? head : ofDocuments === 1 ? randomHead(d, d, 2) : null
      return { head, documents }
    }
    const material = {
      ...(await madeMaterial(make)),
      encoderOrigin: {
        model: 'sentence-transformers/all-MiniLM-L6-v2',
        hub: 'Xenova/all-MiniLM-L6-v2',
        licence: 'Apache-2.0',
      },
    }
    const plan = await sentenceTransformers.create(material, {
      encoder: included(run) ? 'included' : 'named',
    })
    expect(plan.usage.map(({ code }) => `${code}\n`)).toEqual([run.snippet])
  })
})
