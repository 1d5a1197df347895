import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import wabt from 'wabt'
import type { Parameters } from '../../../../src/main/engine/hypernet/parameters'
import { adamWStep, createAdamWState } from '../../../../src/main/engine/training/adamw/adamw'
import { ADAMW_MODULE } from '../../../../src/main/engine/training/adamw/adamw-module'
import { createWasmAdamW, type WasmWeights } from '../../../../src/main/engine/training/adamw/wasm-adamw'
import { unitRows } from '../../tiny-task'

const SOURCE = resolve(import.meta.dirname, '../../../../src/main/engine/training/adamw/adamw.wat')
const OPTIONS = { learningRate: 1e-2, weightDecay: 0.1, warmupSteps: 3, steps: 20 }
/** Behind each array: what nobody may write. */
const GUARD = 7

describe('AdamW in WebAssembly', () => {
  it('is adamw.wat, compiled', async () => {
    const { parseWat } = await wabt()
    const { buffer } = parseWat('adamw.wat', readFileSync(SOURCE, 'utf8'), { simd: true }).toBinary({})
    expect(ADAMW_MODULE).toBe(Buffer.from(buffer).toString('base64'))
  })

  // Four at once, and what is left over.
  it.each([1, 2, 3, 4, 5, 7, 8, 1003])(
    'makes the steps of the loop in JavaScript, %i weights',
    async (count) => {
      const { adamW, place } = await memory()
      const start = unitRows(1, count, 1).data
      const there: WasmWeights = {
        data: place(start),
        gradient: place(new Float32Array(count)),
        first: place(new Float32Array(count)),
        second: place(new Float32Array(count)),
      }
      const here: Parameters = [{ name: 'w', shape: [count], data: start.slice(), decayed: true }]
      const state = createAdamWState(here)
      for (let step = 0; step < OPTIONS.steps; step++) {
        const gradient = unitRows(1, count, 2 + step).data
        there.gradient.set(gradient)
        const half = gradient.map((value) => 0.5 * value)
        const norm = adamWStep(here, [half], state, step, OPTIONS)
        expect(Math.sqrt(adamW.squares(there.gradient)) / 2).toBeCloseTo(norm, 6)
        adamW.update(there, step, OPTIONS, OPTIONS.weightDecay, 0.5)
      }
      const near = (actual: Float32Array, expected: Float32Array) =>
        actual.forEach((value, i) => {
          expect(Math.abs(value - expected[i])).toBeLessThan(1e-6 * Math.max(1, Math.abs(expected[i])))
        })
      near(there.data, here[0].data)
      near(there.first, state.first[0])
      near(there.second, state.second[0])
      for (const array of Object.values(there))
        expect(new Float32Array(array.buffer, array.byteOffset, count + 1)[count]).toBe(GUARD)
    },
  )

  it('adds squares up in float64, and says of what is no number that it is none', async () => {
    const { adamW, place } = await memory()
    expect(adamW.squares(place(Float32Array.from({ length: 4099 }, () => 1e-25)))).toBeCloseTo(4.099e-47, 50)
    expect(adamW.squares(place(Float32Array.from({ length: 6 }, () => 1e30)))).toBeCloseTo(6e60, -55)
    for (const ill of [Number.NaN, Number.POSITIVE_INFINITY])
      expect(Number.isFinite(adamW.squares(place(Float32Array.of(1, 2, 3, 4, ill))))).toBe(false)
  })
})

/** A memory of its own, in which arrays come to lie one after another. */
async function memory() {
  const Memory = (
    globalThis as unknown as { WebAssembly: { Memory: new (size: object) => WebAssembly.Memory } }
  ).WebAssembly.Memory
  const own = new Memory({ initial: 8 })
  let end = 64
  return {
    adamW: await createWasmAdamW({ wasm: { asm: { memory: own } } }),
    place(values: Float32Array): Float32Array {
      const array = new Float32Array(own.buffer, end, values.length)
      array.set(values)
      new Float32Array(own.buffer, array.byteOffset + array.byteLength, 1)[0] = GUARD
      end += 4 * (values.length + 1)
      return array
    },
  }
}
