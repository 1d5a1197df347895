import { expect, it } from 'vitest'
import { benchEncode } from '../../scripts/bench/encode'

it('keeps .9 of raw ONNX Runtime’s speed and beats transformers.js’s pipeline by 1.3', async () => {
  const { toRaw, toPipeline } = await benchEncode((line) => process.stdout.write(`${line}\n`))
  expect(toRaw).toBeGreaterThanOrEqual(0.9)
  expect(toPipeline).toBeGreaterThanOrEqual(1.3)
})
