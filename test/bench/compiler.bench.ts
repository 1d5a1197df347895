import { beforeAll, expect, it } from 'vitest'
import { compilerGraph } from '../../src/main/engine/exporting/compiler/compiler-graph'
import { openCompiler } from '../../src/main/engine/exporting/running/run-compiler'
import { onnxModel } from '../../src/main/engine/formats/onnx-model'
import { createHypernetwork } from '../../src/main/engine/hypernet/hypernetwork'
import type { NetworkDescription } from '../../src/main/engine/hypernet/network'
import { row } from '../../src/main/engine/numeric/matrix'
import { chooseBackend } from '../../src/main/engine/training/backends'
import { AS_TRAINED, madeCheckpoint, madeNetwork } from '../engine/exporting/compiler/made-compiler'
import { unitRows } from '../engine/tiny-task'

const MINILM = { dimensions: 384, hidden: 128, basis: 32, rank: 8 }
const ROUNDS = 40
/** What a service may take for it once the texts are encoded. */
const MOST_MS = 5
const NETWORKS: readonly (readonly [
  what: string,
  change: Partial<NetworkDescription> & Pick<NetworkDescription, 'generator'>,
  /** How many times as long the engine takes, at least. */
  least: number,
])[] = [
  ['basis, residual head', { generator: { name: 'basis', options: {} } }, 2],
  ['basis, full head', { generator: { name: 'basis', options: {} }, head: { name: 'full', options: {} } }, 2],
  ['experts, full head', { generator: { name: 'experts', options: {} } }, 1.5],
  ['low-rank, residual head', { generator: { name: 'low-rank', options: {} } }, 1.5],
  ['film, residual head', { generator: { name: 'film', options: {} } }, 2],
  [
    'direct, projection head, both sides',
    {
      generator: { name: 'direct', options: {} },
      head: { name: 'projection', options: {} },
      side: 'both',
    },
    // 13 million weights go past the processor in either.
    0.5,
  ],
]

beforeAll(() => chooseBackend('wasm'))

/**
 * Of a processor, in the quickest round: other processes take turns with this one, and a part of what memory gives in a second,
 * which a network of 50 MB feels.
 */
async function milliseconds(work: () => unknown): Promise<number> {
  let least = Number.POSITIVE_INFINITY
  for (let round = 0; round < ROUNDS; round++) {
    const before = process.cpuUsage()
    await work()
    const { user, system } = process.cpuUsage(before)
    least = Math.min(least, (user + system) / 1000)
  }
  return least
}

/** As much time as it takes to look at every byte once: no card is compiled without reading all weights. */
function readingOnce(bytes: number): Promise<number> {
  const weights = Buffer.alloc(bytes, 1)
  return milliseconds(() => weights.indexOf(0))
}

/** From a card's vectors to W and b, as a service does it, on one thread. */
it.each(NETWORKS)('a card compiled by an exported compiler: %s', async (what, change, least) => {
  const { dimensions: d } = MINILM
  const { description, parameters } = madeNetwork(d, { shape: MINILM, ...change })
  const vector = (seed: number) => row(unitRows(1, d, seed), 0)
  const means = { description: vector(1), queries: vector(2), documents: vector(3) }
  const card = { description: vector(4), queries: vector(5), documents: vector(6), corpus: vector(3) }
  const checkpoint = madeCheckpoint(description, parameters, means)
  const graph = compilerGraph({ checkpoint, noCard: null, handedOut: AS_TRAINED, controlMean: null })
  const compiler = await openCompiler(onnxModel({ name: 'compiler', ...graph }))
  const network = createHypernetwork(description, parameters)
  const inputs = {
    ...card,
    nearest: vector(7),
    query_mean: means.queries,
    examples: Float32Array.of(2),
  }
  const exported = await milliseconds(() => compiler.compile(inputs))
  const engine = await milliseconds(() => network.compile(card, means))
  const bytes = graph.constants.reduce((sum, { data }) => sum + data.byteLength, 0)
  const reading = await readingOnce(bytes)
  await compiler.release()
  network.dispose()
  console.log(
    `${what}: ${exported.toFixed(2)} ms by ONNX Runtime on one thread, of which reading ${(bytes / 1e6).toFixed(1)} MB of weights is ${reading.toFixed(2)}; ${engine.toFixed(2)} ms by the engine, ${(engine / exported).toFixed(1)} times as long`,
  )
  expect(exported).toBeLessThan(MOST_MS)
  expect(engine / exported).toBeGreaterThan(least)
})
