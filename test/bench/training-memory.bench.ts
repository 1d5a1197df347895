import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { bundleFixture } from '../bundle-fixture'

const STEPS = 20_000
/** By then every kernel has run and every buffer has its size. */
const SETTLED = 500
const MOST_GROWTH = 50 * 2 ** 20

it('20,000 steps leave memory where it was after 500', async () => {
  const script = await bundleFixture('test/bench/long-training.ts')
  const { stdout } = await promisify(execFile)(process.execPath, [script, String(STEPS), String(SETTLED)])
  const { settled, most, tensors, milliseconds } = JSON.parse(stdout)
  const megabytes = (bytes: number) => (bytes / 2 ** 20).toFixed(1)
  console.log(
    `${STEPS} steps of ${milliseconds.toFixed(2)} ms: ${megabytes(settled)} MB after ${SETTLED}, at most ${megabytes(most - settled)} MB more`,
  )
  expect(tensors).toHaveLength(1)
  expect(most - settled).toBeLessThan(MOST_GROWTH)
})
