import { expect, it } from 'vitest'
import { memoisedPromises } from '../../src/main/pipeline/memoised-promises'

/** A memo whose values say how often something was opened. */
function counting(most: number) {
  let opened = 0
  const dropped: Promise<string>[] = []
  const memoised = memoisedPromises<string>(most, (promise) => dropped.push(promise))
  return { dropped, open: (name: string) => memoised(name, async () => `${name}${++opened}`) }
}

it('opens a name once, also when it is asked for again before it is open', async () => {
  const { open } = counting(2)
  expect(await Promise.all([open('a'), open('a')])).toEqual(['a1', 'a1'])
  expect(await open('a')).toBe('a1')
})

it('evicts what was asked for longest ago', async () => {
  const { open, dropped } = counting(2)
  for (const name of ['a', 'b', 'a', 'c']) await open(name)
  expect(await Promise.all(dropped)).toEqual(['b2'])
  expect(await open('a')).toBe('a1')
  expect(await open('b')).toBe('b4')
})

it('tries again what failed', async () => {
  const memoised = memoisedPromises<string>(2)
  await expect(memoised('a', () => Promise.reject(new Error('busy')))).rejects.toThrow('busy')
  expect(await memoised('a', async () => 'open')).toBe('open')
})

it('keeps what was opened anew under the name of one that was evicted and fails later', async () => {
  const memoised = memoisedPromises<string>(1)
  let fail = () => {}
  const failing = memoised(
    'a',
    () =>
      new Promise((_, reject) => {
        fail = () => reject(new Error('late'))
      }),
  )
  await memoised('b', async () => 'b')
  await memoised('a', async () => 'second')
  fail()
  await expect(failing).rejects.toThrow('late')
  expect(await memoised('a', async () => 'third')).toBe('second')
})
