import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { describe, expect, it, onTestFinished } from 'vitest'
import {
  awaitAnswer,
  awaitInputs,
  beginTurn,
  createHandshake,
  giveAnswer,
} from '../../../../src/main/engine/training/losses/softmax/handshake'
import { bundleFixture } from '../../../bundle-fixture'

const state = () => new Int32Array(createHandshake())

describe('handshake', () => {
  // Two threads that slept for each other did so after some 100,000 rounds: once in a few trainings on a busy machine.
  it('never lets both threads sleep, in a million rounds', { timeout: 240_000 }, async () => {
    const rounds = 1_000_000
    const control = createHandshake()
    const value = new SharedArrayBuffer(2 * Float64Array.BYTES_PER_ELEMENT)
    const script = await bundleFixture('test/engine/training/losses/handshake-thread.ts')
    const worker = new Worker(script, { workerData: { control, value, rounds } })
    onTestFinished(async () => void (await worker.terminate()))
    await once(worker, 'message')
    const word = new Int32Array(control)
    const sum = new Float64Array(value)
    for (let round = 0; round < rounds; round++) {
      sum[0] = round
      // The thread waits for READY from here on: both orders of arrival occur.
      beginTurn(word)
      const answer = awaitAnswer(word, 20_000)
      if (answer !== 'done') throw new Error(`round ${round}: ${answer}`)
    }
    expect(sum[1]).toBe((rounds * (rounds - 1)) / 2)
  })

  it('sleeps no longer than the bound, on either side', () => {
    const word = state()
    beginTurn(word)
    expect(awaitInputs(word, 20)).toBe(false)
    expect(awaitAnswer(word, 20)).toBeNull()
  })

  it('hears that the thread ended while nobody waited, in this turn and in every later one', () => {
    const word = state()
    giveAnswer(word, 'ended')
    for (let turn = 0; turn < 2; turn++) {
      beginTurn(word)
      expect(awaitAnswer(word, 20)).toBe('ended')
    }
    giveAnswer(word, 'failed')
    beginTurn(word)
    expect(awaitAnswer(word, 20), 'a failed turn is over with the next one').toBeNull()
  })
})
