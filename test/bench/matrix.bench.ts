import { join } from 'node:path'
import { expect, it } from 'vitest'
import { commandLine } from '../command-line'
import { temporaryFolder } from '../temporary-folder'

const DATASET = 'wordnet-relations'
const CARDS = 11
const BOUND_MS = 30_000

/** Every card of a run on every task of it, from the command to the file: 11 cards over 9,000 documents whose vectors are there. */
it(`${CARDS} cards on ${CARDS} tasks in less than ${BOUND_MS / 1000} s`, async () => {
  const { json } = commandLine(join(await temporaryFolder(), 'workspace'))
  await json('datasets', 'import', DATASET)
  const { tasks } = await json('datasets', 'show', DATASET)
  const chosen = tasks.slice(0, CARDS).map(({ id }: { id: string }) => id)
  const rows = ['--rows', 'frozen,task card']
  const { run } = await json('train', '--tasks', chosen.join(), '--steps', '4', '--unseen', '0', ...rows)
  const began = performance.now()
  const matrix = await json('evaluate', run, '--matrix')
  const ms = performance.now() - began
  console.log(
    `${matrix.tasks.length} cards on as many tasks: ${(ms / 1000).toFixed(1)} s from command to file (bound ${BOUND_MS / 1000})`,
  )
  expect(matrix.tasks).toHaveLength(CARDS)
  for (const { scores } of matrix.tasks) expect(scores).toHaveLength(CARDS)
  expect(ms).toBeLessThan(BOUND_MS)
})
