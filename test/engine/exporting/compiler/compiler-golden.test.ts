import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import type { CompilerInputs } from '../../../../src/main/engine/exporting/compiler/compiled-card'
import { compilerGraph } from '../../../../src/main/engine/exporting/compiler/compiler-graph'
import { type OpenCompiler, openCompiler } from '../../../../src/main/engine/exporting/running/run-compiler'
import { onnxModel } from '../../../../src/main/engine/formats/onnx-model'
import type { CardVectors } from '../../../../src/main/engine/hypernet/card-vectors'
import {
  type ExpertPlan,
  expertsOf,
  expertTitle,
} from '../../../../src/main/engine/hypernet/experts/expert-plan'
import { applyHead } from '../../../../src/main/engine/hypernet/head'
import { createHypernetwork } from '../../../../src/main/engine/hypernet/hypernetwork'
import { createNetwork, type NetworkDescription } from '../../../../src/main/engine/hypernet/network'
import { countValues, type Parameters } from '../../../../src/main/engine/hypernet/parameters'
import { createMatrix } from '../../../../src/main/engine/numeric/matrix'
import { chooseBackend } from '../../../../src/main/engine/training/choose-backend'
import * as behindCards from '../../training/golden-experts'
import { AS_TRAINED, madeCheckpoint } from './made-compiler'

// Recorded by test/oracle/heads.py (JAX, float64).
const golden = JSON.parse(readFileSync(resolve(import.meta.dirname, '../../../fixtures/heads.json'), 'utf8'))
const floats = (values: readonly number[]) => Float32Array.from(values)

beforeAll(() => chooseBackend('wasm'))

async function compilerOf(
  description: NetworkDescription,
  parameters: Parameters,
  means: Readonly<Record<'description' | 'queries' | 'documents', Float32Array>>,
): Promise<OpenCompiler> {
  const checkpoint = madeCheckpoint(description, parameters, means)
  const graph = compilerGraph({ checkpoint, noCard: null, handedOut: AS_TRAINED, controlMean: null })
  return openCompiler(onnxModel({ name: 'compiler', ...graph }))
}

function expectClose(values: ArrayLike<number>, expected: readonly number[], what: string): void {
  expect(values.length, what).toBe(expected.length)
  const scale = Math.max(1, ...expected.map(Math.abs))
  for (let i = 0; i < values.length; i++)
    expect(Math.abs(values[i] - expected[i]) / scale, `${what}[${i}]`).toBeLessThan(1e-5)
}

describe('a compiler run by ONNX Runtime', () => {
  const d: number = golden.shape.dimensions
  const of = (values: readonly number[], t: number, size = d) =>
    floats(values.slice(t * size, (t + 1) * size))
  /** The oracle's rule for its numbers. */
  const wave = (seed: number, length: number) =>
    Float32Array.from({ length }, (_, i) => 0.4 * Math.sin(12.9898 * (i + 1) + 7.8233 * seed))
  const ONES = ['normScale', 'scale', 'outputScale', 'unitScale']

  type Case = Pick<NetworkDescription, 'generator' | 'head' | 'side' | 'conditioning'> & {
    readonly outputs: Readonly<Partial<Record<'queries' | 'documents', number[]>>>
    readonly gradients: object
  }
  const cases: readonly Case[] = golden.cases
  const means = {
    description: floats(golden.mean.description),
    queries: floats(golden.mean.queries),
    documents: floats(golden.mean.documents),
  }
  const name = ({ generator, head, side, conditioning }: Case) =>
    `${generator.name} ${generator.options.skip ? 'with' : 'without'} skip, ${head.name}, ${side}, ${conditioning.length} parts`

  it.each(cases.map((one) => [name(one), one] as const))('gives the outputs of JAX: %s', async (_, one) => {
    const description: NetworkDescription = {
      ...one,
      shape: golden.shape,
      start: { documentGain: 0, descriptionGain: 0 },
      tasks: Array.from({ length: golden.tasks }, (_, i) => `task ${i}`),
    }
    const parameters = createNetwork(description).parameters.map((spec, index) => ({
      ...spec,
      data: wave(index, countValues(spec.shape)).map(
        (value) => value + (ONES.includes(spec.name.slice(spec.name.indexOf('/') + 1)) ? 1 : 0),
      ),
    }))
    const compiler = await compilerOf(description, parameters, means)
    // A compiler is for cards that no training saw.
    const unseen = golden.ids.map((id: number, t: number) => ({ id, t })) as { id: number; t: number }[]
    for (const { t } of unseen.filter(
      ({ id }) => one.generator.name !== 'task-id' || id >= golden.tasks || id < 0,
    )) {
      const made = await compiler.compile({
        description: of(golden.card.description, t),
        queries: of(golden.card.queries, t),
        documents: of(golden.card.documents, t),
        nearest: new Float32Array(d).fill(Number.NaN),
        corpus: means.documents,
        query_mean: means.queries,
        examples: Float32Array.of(2),
      })
      for (const [side, head] of [
        ['queries', made.head],
        ['documents', made.documents],
      ] as const) {
        const expected = one.outputs[side]
        expect(head !== null, side).toBe(expected !== undefined)
        if (!head || !expected) continue
        const rows = golden[side].length / d / golden.ids.length
        const own = createMatrix(rows, d, of(golden[side], t, rows * d))
        const size = expected.length / golden.ids.length
        expectClose(applyHead(head, own).data, expected.slice(t * size, (t + 1) * size), side)
      }
    }
    await compiler.release()
  })
})

describe('a compiler of experts run by ONNX Runtime', () => {
  const { experts: plan } = behindCards.description
  const parameters = behindCards.trained()
  const inputsOf = ({ description, queries, documents, corpus }: CardVectors): CompilerInputs => ({
    description,
    queries,
    documents,
    nearest: new Float32Array(behindCards.d).fill(Number.NaN),
    corpus: corpus as Float32Array,
    query_mean: queries,
    examples: Float32Array.of(0),
  })
  const gated = behindCards.golden.new.named.flatMap((named: number, t: number) => (named < 0 ? [t] : []))
  const open = (own: Parameters) => compilerOf(behindCards.description, own, behindCards.means)

  it('gives the gates, shares and folded heads of JAX', async () => {
    const compiler = await open(parameters)
    // Neither examples nor what is nearest to them are among what this network is told.
    expect([...compiler.inputs].sort()).toEqual(['corpus', 'description'])
    const count = behindCards.names.length
    for (const t of gated) {
      const made = await compiler.compile(inputsOf(behindCards.cards[t]))
      expectClose(made.experts!.gates, behindCards.golden.new.gates[t], `gates ${t}`)
      const shares = behindCards.golden.new.shares.slice(t * count, (t + 1) * count)
      expectClose(made.experts!.shares, shares, `shares ${t}`)
      expectClose(made.head.weight.data, behindCards.golden.fold[t].weight, `W ${t}`)
      expectClose(made.head.bias, behindCards.golden.fold[t].bias, `b ${t}`)
    }
    await compiler.release()
  })

  it('gives the frozen encoder, exactly, for a card that no expert fits', async () => {
    const gates = parameters.map((one) =>
      one.name === 'gates' ? { ...one, data: one.data.map((_, i) => (i % 3 === 2 ? -50 : 0)) } : one,
    )
    const compiler = await open(gates)
    const { head, experts } = await compiler.compile(inputsOf(behindCards.cards[0]))
    expect([...experts!.shares]).toEqual(new Array(behindCards.names.length).fill(0))
    head.weight.data.forEach((value, i) => {
      expect(value).toBe(i % (behindCards.d + 1) === 0 ? 1 : 0)
    })
    expect(head.bias.every((value) => value === 0)).toBe(true)
    await compiler.release()
  })

  it('sees a card at the middle of all, where there is no direction, as the engine does', async () => {
    const middle = parameters.find(({ name }) => name === 'middle')?.data as Float32Array
    const at = (mean: Float32Array, part: number) =>
      mean.map((value, i) => value + middle[part * behindCards.d + i])
    const { means } = behindCards
    const card = {
      ...behindCards.cards[0],
      description: at(means.description, 0),
      corpus: at(means.documents, 1),
    }
    const network = createHypernetwork(behindCards.description, parameters)
    const expected = network.experts(card, means)
    network.dispose()
    const compiler = await open(parameters)
    const { experts } = await compiler.compile(inputsOf(card))
    expectClose(
      experts!.gates,
      expertsOf(plan as ExpertPlan).map(
        ({ name }) => expected!.experts.find((one) => one.name === expertTitle(name))!.gate,
      ),
      'gates',
    )
    await compiler.release()
  })
})
